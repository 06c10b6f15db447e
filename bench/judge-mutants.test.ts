/**
 * The mutants of the judge fit the judge as it is: one that finds nothing to change would show nothing.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { INVARIANTS } from '../harness/judge/judge.ts';
import { PLAIN_INVARIANTS } from '../harness/judge/plain/questions.ts';
import { HAND_WRITTEN, invariantMutants, JUDGE } from './judge-mutants.ts';

test.each(HAND_WRITTEN)('"$name" finds its place in $file', async ({ file, from, to }) => {
  const source = await readFile(join(JUDGE, file), 'utf8');
  expect(source.split(from)).toHaveLength(2);
  expect(to).not.toBe(from);
});

test('every invariant of both judges gives two', async () => {
  const names = [...INVARIANTS, ...PLAIN_INVARIANTS].flatMap(({ name }) => [`${name} removed`, `${name} inverted`]);
  const mutants = await invariantMutants();
  expect(mutants.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  for (const { from, to } of mutants) expect(to).not.toBe(from);
});
