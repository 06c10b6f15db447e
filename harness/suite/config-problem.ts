/**
 * What is wrong with a configuration, in one line: the key, what it holds, and what would do.
 */
import * as v from 'valibot';

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
 * One problem as `subjects.mine.comand: there is no such key. Did you mean "command"?`: the first key that is unknown, before
 * the one that is missed in its place.
 */
export function configProblem(issues: readonly [Issue, ...Issue[]], keys: KnownKeys): string {
  const issue = issues.find(({ expected }) => expected === 'never') ?? issues[0];
  const path = issue.path ?? [];
  const where = path.length === 0 ? 'default export' : path.map(({ key }) => String(key)).join('.');
  const last = path.at(-1);
  if (last === undefined) return `${where}: ${wordsFor(issue, true)}`;
  const known = keys.at(path);
  if (issue.expected === 'never') return `${where}: ${unknownWords(String(last.key), path.length === 1, known, keys)}`;
  return `${where}: ${missingWords(known[String(last.key)], issue) ?? wordsFor(issue, false)}`;
}

function unknownWords(key: string, isTop: boolean, entries: Entries, { inSections }: KnownKeys): string {
  const known = Object.keys(entries);
  const near = suggestion(key, known) || (isTop ? inSection(key, inSections) : '');
  return `there is no such key.${near} Known: ${known.join(', ')}.`;
}

/** What a key that is missing takes, which its own schema tells; null: it is not missing. */
function missingWords(entry: v.GenericSchema | undefined, { received }: Issue): string | null {
  if (received !== 'undefined' || entry === undefined) return null;
  const result = v.safeParse(entry, undefined);
  return result.success ? null : `is missing; it takes ${plainly(result.issues[0].expected ?? '')}`;
}

function inSection(word: string, keys: readonly string[]): string {
  const bare = nearest(
    word,
    keys.map((key) => key.slice(key.indexOf('.') + 1)),
  );
  const key = keys.find((each) => each.endsWith(`.${bare}`));
  return key === undefined ? '' : ` Did you mean "${key}"?`;
}

function wordsFor({ type, message, expected, received, input, kind }: Issue, whole: boolean): string {
  if (whole && kind === 'schema') return `takes an object, as in export default { subjects: {} }, not ${received}`;
  if (type === 'check' || type === 'regex' || type === 'literal') return message;
  if (expected === null) return message;
  const [, bound = '', least = ''] = /^(>=|<=)(\d+)$/.exec(expected) ?? [];
  if (bound !== '') return `takes ${boundWords(type, bound === '>=' ? 'least' : 'most', least)}, not ${received}`;
  const words = [...expected.matchAll(/"([^"]*)"/g)].map(([, word = '']) => word);
  const near = typeof input === 'string' ? suggestion(input, words) : '';
  return `takes ${plainly(expected)}, not ${received}.${near}`;
}

/** `at least 1 entry`, `at most 64`. */
function boundWords(type: string, side: 'least' | 'most', number: string): string {
  if (!type.endsWith('_length')) return `at ${side} ${number}`;
  return `at ${side} ${number} ${number === '1' ? 'entry' : 'entries'}`;
}

/** Valibot's words for a type, as a user says them. */
const PLAINLY: Readonly<Record<string, string>> = {
  Array: "a list, as in ['one', 'two']",
  string: "text, as in 'this'",
  number: 'a number',
  integer: 'a whole number',
  Object: 'an object, as in { key: value }',
};

function plainly(expected: string): string {
  return PLAINLY[expected] ?? expected.replace(/^\((.*)\)$/, '$1').replaceAll(' | ', ' or ');
}
