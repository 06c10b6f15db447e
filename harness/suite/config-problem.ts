/**
 * What is wrong with a configuration, in one line: the key, what it holds, and what would do.
 */
import type * as v from 'valibot';

import { nearest, suggestion } from './nearest.ts';

/** The keys of a configuration. */
export interface KnownKeys {
  /** Those that an object may have, by its path and its value. */
  readonly at: (path: readonly string[], value: unknown) => readonly string[];
  /** Those of all sections, as `section.key`: what stands at the top may belong into one. */
  readonly inSections: readonly string[];
}

/** The first problem as `subjects.mine.comand: there is no such key. Did you mean "command"?`. */
export function configProblem(issue: v.BaseIssue<unknown>, keys: KnownKeys): string {
  const path = (issue.path ?? []).map(({ key }) => String(key));
  const where = path.length === 0 ? 'default export' : path.join('.');
  const last = issue.path?.at(-1);
  if (issue.expected === 'never' && last !== undefined) {
    const known = keys.at(path.slice(0, -1), last.input);
    const near = suggestion(String(last.key), known) || (path.length === 1 ? inSection(where, keys.inSections) : '');
    return `${where}: there is no such key.${near} Known: ${known.join(', ')}.`;
  }
  return `${where}: ${wordsFor(issue, path.length === 0)}`;
}

function inSection(word: string, keys: readonly string[]): string {
  const bare = nearest(
    word,
    keys.map((key) => key.slice(key.indexOf('.') + 1)),
  );
  const key = keys.find((each) => each.endsWith(`.${bare}`));
  return key === undefined ? '' : ` Did you mean "${key}"?`;
}

function wordsFor({ type, message, expected, received, input, kind }: v.BaseIssue<unknown>, whole: boolean): string {
  if (whole && kind === 'schema') return `takes an object, as in export default { subjects: {} }, not ${received}`;
  if (type === 'check' || type === 'regex' || type === 'literal') return message;
  if (expected === null) return message;
  const [, bound = '', least = ''] = /^(>=|<=)(\d+)$/.exec(expected) ?? [];
  if (bound !== '') return `takes ${boundWords(type, bound === '>=' ? 'least' : 'most', least)}, not ${received}`;
  const words = [...expected.matchAll(/"([^"]*)"/g)].map(([, word = '']) => word);
  const near = typeof input === 'string' ? suggestion(input, words) : '';
  if (received === 'undefined') return `is missing; it takes ${plainly(expected)}`;
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
