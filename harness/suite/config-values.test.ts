/**
 * Whatever stands in a configuration and will not do: what the error says would do, does.
 */
import { describe, expect, test } from 'vitest';
import { YAML } from 'zx';

import { checkedConfig } from './config.ts';

/** One mistake can hide another. */
const MOST_STEPS = 2;

type Tree = Record<string, unknown>;

/** Configurations that are right, with each kind of subject and each object that may stand in one. */
const RIGHT: readonly Tree[] = [
  { subjects: {}, matrix: {}, defaults: {} },
  { subjects: { mine: { command: ['a'] } } },
  { subjects: { mine: { build: { context: '.' } } } },
  { subjects: { mine: { plain: 'client', command: ['a'] } } },
  { subjects: { mine: { plain: 'client', image: 'a', resources: {} } } },
  { subjects: { mine: { plain: 'server', command: ['a'] } } },
  { subjects: { mine: { plain: 'server', build: { context: '.' } } } },
  { subjects: { mine: { plain: 'server', address: 'localhost:80' } } },
];

const WRONG = [null, true, 5.5, -1, 0, 1e9, '', 'x', [], [true], [-1], {}, { A: 5 }];

/** What is wrong, without the file; null: nothing. */
function told(value: unknown): string | null {
  try {
    checkedConfig('FILE', value);
    return null;
  } catch (error) {
    return (error as Error).message.replace('FILE: ', '');
  }
}

function objectAt(tree: Tree, path: readonly string[]): Tree {
  return path.reduce((at, key) => at[key] as Tree, tree);
}

function withValue(tree: Tree, path: readonly string[], value: unknown): Tree {
  const copy = structuredClone(tree);
  objectAt(copy, path.slice(0, -1))[path.at(-1) ?? ''] = value;
  return copy;
}

/** The way to each object of a configuration whose keys are known one by one. */
function objectsOf(tree: Tree, path: readonly string[] = []): string[][] {
  const isFree = path.join() === 'subjects' || path.includes('environment');
  const below = Object.entries(objectAt(tree, path)).filter(
    ([, value]) => typeof value === 'object' && value !== null && !Array.isArray(value),
  );
  return [...(isFree ? [] : [[...path]]), ...below.flatMap(([key]) => objectsOf(tree, [...path, key]))];
}

/** The keys that an object may have, by what is told of one that it may not. */
function keysOf(tree: Tree, path: readonly string[]): string[] {
  const [, known = ''] = /Known: (.*)\.$/.exec(told(withValue(tree, [...path, 'qqqqqqqq'], 1)) ?? '') ?? [];
  return known.split(', ');
}

/** Whether a configuration comes right by doing what is told: of the kinds of subject by one of them, else by each that is named. */
function comesRight(tree: Tree, steps = MOST_STEPS): boolean {
  const message = told(tree);
  if (message === null) return true;
  const outcomes = steps === 0 ? [] : mended(tree, message).map((each) => comesRight(each, steps - 1));
  return outcomes.length > 0 && (message.includes('.plain: ') ? outcomes.includes(true) : !outcomes.includes(false));
}

/** The configurations that come of doing what is told. */
function mended(tree: Tree, message: string): Tree[] {
  const [, where = '', problem = ''] = /^(\S+): (.*)$/.exec(message) ?? [];
  const path = where.split('.');
  const [, example] = /, as in (.+?)(?:, not .*)?$/.exec(problem) ?? [];
  if (example !== undefined) {
    const [[key, value] = ['', null]] = Object.entries(YAML.parse(`{ ${example} }`) as Tree);
    return [withValue(tree, path.slice(0, path.indexOf(key) + 1), value)];
  }
  if (path.at(-1) === 'plain') return ['client', 'server'].map((word) => withValue(tree, path, word));
  // Of a subject's keys, one of several.
  return [...problem.matchAll(/(command|image|build): (\[[^\]]*\]|'[^']*'|\{[^}]*\})/g)].map(([pair, key = '']) => {
    const { image: _image, build: _build, ...others } = objectAt(tree, path);
    return withValue(tree, path, { ...others, [key]: (YAML.parse(`{ ${pair} }`) as Tree)[key] });
  });
}

/** What is wrong there is no value: what would do is told, and is a name. */
const isOfName = (message: string): boolean => /there is no such key|takes a name/.test(message);

describe('the value that an error names', () => {
  const objects = RIGHT.flatMap((tree) => objectsOf(tree).map((path) => ({ tree, path })));
  const values = objects.flatMap(({ tree, path }) => keysOf(tree, path).map((key) => ({ tree, path: [...path, key] })));
  const byKey = Map.groupBy(values, ({ path }) => path.join('.'));

  test.each([...byKey])('does for %s, whatever stood there', (_name, all) => {
    const wrong = all
      .flatMap(({ tree, path }) => WRONG.map((value) => withValue(tree, path, value)))
      .map((tree) => ({ tree, message: told(tree) ?? '' }))
      .filter(({ message }) => message !== '' && !isOfName(message));
    expect(wrong.length).toBeGreaterThan(0);
    for (const { tree, message } of wrong) expect(comesRight(tree), `${JSON.stringify(tree)}: ${message}`).toBe(true);
  });

  test('does for what is no configuration at all', () => {
    for (const value of WRONG.filter((each) => typeof each !== 'object' || each === null || Array.isArray(each))) {
      const [, example = ''] = /, as in export default (.+), not /.exec(told(value) ?? '') ?? [];
      expect(told(YAML.parse(example)), String(value)).toBeNull();
    }
  });
});
