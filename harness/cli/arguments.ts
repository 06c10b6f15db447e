/**
 * Reads a verb's arguments: flags by name, an unknown one with the nearest known.
 */
import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';

import { suggestion } from '../suite/nearest.ts';
import { FlagError, UsageError } from '../suite/usage-error.ts';

/** What `--proxy` takes. */
const PROXY_WORDS = ['auto', 'wire', 'toxiproxy'] as const;

/**
 * Parses arguments.
 *
 * @param verb named in errors
 * @throws {UsageError} for a flag that is unknown or lacks its value
 */
export function readArguments<Options extends ParseArgsOptionsConfig>(
  verb: string,
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: withNegatives(args, options), options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(explain(verb, error as Error, Object.keys(options)), { cause: error });
  }
}

/** A negative number behind a flag is its value, so that the flag itself can say what it takes. */
function withNegatives(args: readonly string[], options: ParseArgsOptionsConfig): string[] {
  const taken: string[] = [];
  for (const [index, arg] of args.entries()) {
    if (arg === '--') return [...taken, ...args.slice(index)];
    const flag = taken.at(-1);
    const isValue = /^-\d/.test(arg) && flag?.startsWith('--') === true && options[flag.slice(2)]?.type === 'string';
    if (isValue) taken.splice(-1, 1, `${flag}=${arg}`);
    else taken.push(arg);
  }
  return taken;
}

function explain(verb: string, error: Error, known: readonly string[]): string {
  const unknown = /Unknown option '(-+)([^']*)'/.exec(error.message);
  if (unknown !== null) {
    const [, dashes = '--', name = ''] = unknown;
    const near = suggestion(name, known).replace('"', '"--');
    return `${verb}: there is no flag ${dashes}${name}.${near} "halfopen ${verb} --help" shows them all.`;
  }
  const ambiguous = /^Option '(?:-\w, )?(--[^' ]+)[^']*' argument is ambiguous/.exec(error.message);
  if (ambiguous !== null) {
    const [, flag = ''] = ambiguous;
    return `${verb}: ${flag} takes a value, and what follows it looks like a flag; ${flag}=VALUE takes it as it is`;
  }
  const empty = /^Option '(?:-\w, )?(--[^' ]+)[^']*' argument missing/.exec(error.message);
  if (empty !== null)
    return `${verb}: ${empty[1]} takes a value, and there is none; "halfopen ${verb} --help" says which`;
  const full = /^Option '(?:-\w, )?(--[^' ]+)[^']*' does not take an argument/.exec(error.message);
  if (full !== null) return `${verb}: ${full[1]} takes no value`;
  const [first = error.message] = error.message.split('\n');
  return `${verb}: ${first}`;
}

/**
 * A whole number from a flag.
 *
 * @throws {UsageError} naming the flag and the range
 */
export function wholeNumber(
  flag: string,
  text: string | undefined,
  range: { least: number; most: number; fallback: number },
): number {
  if (text === undefined) return range.fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= range.least && value <= range.most) return value;
  throw new FlagError(flag, `takes a whole number from ${range.least} to ${range.most}, not "${text}"`);
}

/**
 * The folder that reports go into.
 *
 * @throws {UsageError} for a name that is empty: it would be the working folder
 */
export function reportFolder(text: string | undefined, fallback: string): string {
  if (text === undefined) return fallback;
  if (text.trim() === '') throw new FlagError('report', `takes the path of a folder, not "${text}"`);
  return text;
}

/**
 * A seed from a flag.
 *
 * @throws {UsageError} for one that would need quotes where it is repeated
 */
export function seedWord(text: string): string {
  if (/^[\w.-]{1,64}$/.test(text)) return text;
  throw new FlagError('seed', `takes up to 64 letters, digits, dots and dashes, as in demo-1, not "${text}"`);
}

/**
 * One of a few words from a flag.
 *
 * @throws {UsageError} naming the flag and the words
 */
export function oneOf<Word extends string>(
  flag: string,
  text: string | undefined,
  words: readonly Word[],
  fallback: Word,
): Word {
  if (text === undefined) return fallback;
  const word = words.find((each) => each === text);
  if (word !== undefined) return word;
  throw new FlagError(flag, `takes ${words.join(' or ')}, not "${text}".${suggestion(text, words)}`);
}

/**
 * The proxies of `--proxy`, with commas between them; where it was not given, any.
 *
 * @throws {FlagError} for a word that is none
 */
export function proxiesFrom(text = 'auto'): (typeof PROXY_WORDS)[number][] {
  return text.split(',').map((word) => oneOf('proxy', word, PROXY_WORDS, 'auto'));
}
