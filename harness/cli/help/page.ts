/**
 * A page of help, as data, and how it is laid out: like a page of a manual.
 */

export interface HelpPage {
  readonly verb: string;
  /** What it does, in a few words. */
  readonly purpose: string;
  /** The command lines it takes, without `halfopen`. */
  readonly synopsis: readonly string[];
  /** Paragraphs. */
  readonly description: readonly string[];
  readonly options: readonly HelpOption[];
  /** Status and meaning. */
  readonly exits: readonly (readonly [number | string, string])[];
  /** What in the environment changes it. */
  readonly environment?: readonly (readonly [string, string])[];
  /** Command lines without `halfopen`, each with what it is for. */
  readonly examples: readonly (readonly [string, string])[];
}

export interface HelpOption {
  /** With its two dashes, and its value where it takes one: `--seed TEXT`. */
  readonly flag: string;
  /** What it does, with the value's unit. */
  readonly text: string;
  /** The value it has when it is not given. */
  readonly fallback?: string;
}

const COLUMNS = 80;
const INDENT = '    ';

/** Lays a page out for a terminal of 80 columns. */
export function helpText(page: HelpPage): string {
  const { verb, purpose, synopsis, description, options, exits, environment = [], examples } = page;
  return [
    section('NAME', wrapped(`halfopen ${verb} - ${purpose}`, 1)),
    section(
      'SYNOPSIS',
      synopsis.map((line) => `halfopen ${line}`),
    ),
    section(
      'DESCRIPTION',
      description.flatMap((text, index) => [...(index === 0 ? [] : ['']), ...wrapped(text, 1)]),
    ),
    options.length > 0 && section('OPTIONS', options.flatMap(optionLines)),
    section(
      'EXIT STATUS',
      exits.flatMap(([status, text]) => entry(String(status), text)),
    ),
    environment.length > 0 &&
      section(
        'ENVIRONMENT',
        environment.flatMap(([name, text]) => entry(name, text)),
      ),
    section(
      'EXAMPLES',
      examples.flatMap(([line, text]) => [`halfopen ${line}`, ...wrapped(text, 2).map((each) => INDENT + each)]),
    ),
  ]
    .filter((part) => part !== false)
    .join('\n\n');
}

function section(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => (line === '' ? '' : INDENT + line))].join('\n');
}

function optionLines({ flag, text, fallback }: HelpOption): string[] {
  const said = fallback === undefined ? text : `${text} Default: ${fallback}.`;
  return [flag, ...wrapped(said, 2).map((line) => INDENT + line)];
}

const NAME_COLUMNS = 10;

/** A name with its text beside it, or below it where it is long. */
function entry(name: string, text: string): string[] {
  const lines = wrapped(text, 1, NAME_COLUMNS);
  if (name.length >= NAME_COLUMNS) return [name, ...lines.map((line) => ' '.repeat(NAME_COLUMNS) + line)];
  return lines.map((line, index) => (index === 0 ? name : '').padEnd(NAME_COLUMNS) + line);
}

/** Text in lines that fit beside so many indents and further columns. */
function wrapped(text: string, indents: number, more = 0): string[] {
  const width = COLUMNS - indents * INDENT.length - more;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
