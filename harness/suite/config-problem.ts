/**
 * What is wrong with a configuration, in one line: the key, what it holds, and what would do.
 */
import * as v from 'valibot';

import { exampleAt } from './config-examples.ts';
import type { Entries, Path } from './config-keys.ts';
import { nearest, suggestion } from './nearest.ts';

/** The keys of a configuration. */
export interface KnownKeys {
  /** Those that the object may have which holds the last key of a path. */
  readonly at: (path: Path) => Entries;
  /** Those of all sections, as `section.key`: what stands at the top may belong into one. */
  readonly inSections: readonly string[];
}

type Issue = v.BaseIssue<unknown>;

/**
 * One problem as `subjects.mine.comand: there is no such key. Did you mean "command"?`: what tells of which kind a subject is
 * comes first, for the keys that it may have follow from it; then a key that is unknown, before the one that is missed in its place.
 */
export function configProblem(issues: readonly [Issue, ...Issue[]], keys: KnownKeys): string {
  const issue = issues.find(tellsKind) ?? issues.find(({ expected }) => expected === 'never') ?? issues[0];
  const path = issue.path ?? [];
  const names = path.map(({ key }) => String(key));
  const where = path.length === 0 ? 'default export' : names.join('.');
  const last = names.at(-1);
  if (last === undefined) return `${where}: ${wordsFor(issue, asIn([]))}`;
  const known = keys.at(path);
  if (issue.expected === 'never') return `${where}: ${unknownWords(last, path.length === 1, known, keys)}`;
  const example = isName(issue) ? ", as in 'my-server'" : asIn(names);
  return `${where}: ${missingWords(known[last], issue, example) ?? wordsFor(issue, example)}`;
}

/** Whether it is no value that will not do, but the name of a subject. */
function isName({ path }: Issue): boolean {
  return path?.length === 2 && path[1]?.origin === 'key';
}

/** What would do, to go behind what is asked: `, as in cells: 2`, or nothing. */
export function asIn(path: readonly string[]): string {
  const example = exampleAt(path);
  return example === '' ? '' : `, as in ${example}`;
}

function tellsKind({ path, expected }: Issue): boolean {
  return path?.length === 3 && path[0]?.key === 'subjects' && path[2]?.key === 'plain' && expected !== 'never';
}

function unknownWords(key: string, isTop: boolean, entries: Entries, { inSections }: KnownKeys): string {
  const known = Object.keys(entries);
  const near = suggestion(key, known) || (isTop ? inSection(key, inSections) : '');
  return `there is no such key.${near} Known: ${known.join(', ')}.`;
}

/** What a key that is missing takes, which its own schema tells; null: it is not missing. */
function missingWords(entry: v.GenericSchema | undefined, { received }: Issue, example: string): string | null {
  if (received !== 'undefined' || entry === undefined) return null;
  const result = v.safeParse(entry, undefined);
  return result.success ? null : `is missing; it takes ${plainly(result.issues[0].expected ?? '')}${example}`;
}

function inSection(word: string, keys: readonly string[]): string {
  const bare = nearest(
    word,
    keys.map((key) => key.slice(key.indexOf('.') + 1)),
  );
  const key = keys.find((each) => each.endsWith(`.${bare}`));
  return key === undefined ? '' : ` Did you mean "${key}"?`;
}

/** @param example what would do, as {@link asIn} gives it */
function wordsFor({ type, message, expected, received, input }: Issue, example: string): string {
  // These say themselves what would do, of several keys one.
  if (type === 'check') return message;
  if (type === 'regex' || type === 'literal' || expected === null) return `${message}${example}`;
  const [, bound = '', least = ''] = /^(>=|<=)(\d+(?:\.\d+)?)$/.exec(expected) ?? [];
  const asked = bound === '' ? plainly(expected) : boundWords(type, bound === '>=' ? 'least' : 'most', least);
  const words = [...expected.matchAll(/"([^"]*)"/g)].map(([, word = '']) => word);
  const near = typeof input === 'string' ? suggestion(input, words) : '';
  return `takes ${asked}${example}, not ${received}.${near}`.replace(/\.$/, '');
}

/** `at least 1 entry`, `at most 64`. */
function boundWords(type: string, side: 'least' | 'most', number: string): string {
  if (!type.endsWith('_length')) return `at ${side} ${number}`;
  return `at ${side} ${number} ${number === '1' ? 'entry' : 'entries'}`;
}

/** Valibot's words for a type, as a user says them. */
const PLAINLY: Readonly<Record<string, string>> = {
  Array: 'a list',
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  'safe integer': 'a whole number',
  Object: 'an object',
};

function plainly(expected: string): string {
  return PLAINLY[expected] ?? expected.replace(/^\((.*)\)$/, '$1').replaceAll(' | ', ' or ');
}
