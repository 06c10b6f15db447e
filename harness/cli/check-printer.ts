/**
 * Shows a check: a line for each clause as it comes, what was expected and what happened for a miss, and the count.
 */
import type { Miss, Outcome, OutcomeWord } from '../check/clause.ts';
import type { Exercised } from '../check/run-check.ts';
import { counted } from '../report/text/quantity.ts';
import { jsonLine, printable } from './printable.ts';
import { Style } from './style.ts';
import { transcriptLines } from './transcript-lines.ts';

export interface CheckPrinter {
  show(exercised: Exercised): void;
  end(outcomes: readonly Outcome[], exitStatus: number): void;
}

const GLYPHS: Readonly<Record<OutcomeWord, { glyph: string; format: 'green' | 'red' | 'cyan' | 'gray' }>> = {
  kept: { glyph: '✓', format: 'green' },
  missed: { glyph: '✗', format: 'red' },
  unsupported: { glyph: '–', format: 'cyan' },
  'not-checked': { glyph: '·', format: 'gray' },
};

/** One JSON object a line. */
export function jsonCheckPrinter(command: readonly string[]): CheckPrinter {
  const printed = new Set<string>();
  const clause = (outcome: Outcome): void => {
    printed.add(outcome.id);
    console.log(jsonLine({ type: 'clause', ...outcome, again: again(outcome, command) }));
  };
  return {
    show: ({ outcome }) => clause(outcome),
    end: (outcomes, exitStatus) => {
      for (const outcome of outcomes) if (!printed.has(outcome.id)) clause(outcome);
      console.log(jsonLine({ type: 'finished', exitStatus, counts: countsOf(outcomes) }));
    },
  };
}

/** For people. @param whole also shows all that the subject printed and was started with */
export function consoleCheckPrinter(command: readonly string[], whole: boolean): CheckPrinter {
  const style = new Style(process.stdout);
  const printed = new Set<string>();
  const show = (outcome: Outcome): void => {
    printed.add(outcome.id);
    for (const line of outcomeLines(outcome, command, style)) console.log(line);
  };
  return {
    show: ({ outcome, transcripts }) => {
      show(outcome);
      if (whole)
        for (const transcript of transcripts)
          for (const line of transcriptLines(transcript, command)) console.log(line);
    },
    end: (outcomes, exitStatus) => {
      for (const outcome of outcomes) if (!printed.has(outcome.id)) show(outcome);
      const nothing = exitStatus !== 0 && outcomes.every(({ outcome }) => outcome !== 'missed');
      console.log(
        `\n${closing(outcomes)}${nothing ? '\nNothing is supported, so there is nothing it can be right about' : ''}`,
      );
    },
  };
}

function outcomeLines(outcome: Outcome, command: readonly string[], style: Style): string[] {
  const { glyph, format } = GLYPHS[outcome.outcome];
  const word = outcome.outcome === 'kept' ? '' : ` ${outcome.outcome}`;
  const note = outcome.note === null ? '' : `, ${printable(outcome.note)}`;
  const head = `${style.paint(format, `${glyph}${word}`)}  ${style.paint('bold', outcome.id)}  ${outcome.text}  ${style.paint('dim', `(${outcome.passage}${note})`)}`;
  return outcome.miss === null ? [head] : [head, ...missLines(outcome, outcome.miss, command, style)];
}

function missLines(outcome: Outcome, miss: Miss, command: readonly string[], style: Style): string[] {
  return [
    `    expected  ${printable(miss.expected)}`,
    `    actual    ${printable(miss.actual)}`,
    `    again     ${style.paint('cyan', again(outcome, command) ?? '')}`,
  ];
}

/** The command that shows a miss again, with all that the subject prints. */
function again({ shownBy }: Outcome, command: readonly string[]): string | null {
  return shownBy === null ? null : `npx halfopen check --only ${shownBy} ${command.map(quoted).join(' ')}`;
}

/** A word as a POSIX shell takes it back. */
function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function countsOf(outcomes: readonly Outcome[]): Record<OutcomeWord, number> {
  const count = (word: OutcomeWord): number => outcomes.filter(({ outcome }) => outcome === word).length;
  return {
    kept: count('kept'),
    missed: count('missed'),
    unsupported: count('unsupported'),
    'not-checked': count('not-checked'),
  };
}

function closing(outcomes: readonly Outcome[]): string {
  const counts = countsOf(outcomes);
  const rest = [
    counts.unsupported > 0 ? `, ${counts.unsupported} unsupported` : '',
    counts['not-checked'] > 0 ? `, ${counts['not-checked']} not checked` : '',
  ].join('');
  return `${counted(counts.kept, 'clause')} kept, ${counts.missed} missed${rest}`;
}
