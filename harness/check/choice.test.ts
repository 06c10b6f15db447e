import { expect, test } from 'vitest';

import { ALL, isAsked, isNeeded, means } from './choice.ts';

const idsOf = (word: string): string[] => ALL.filter((each) => means(word, each)).map(({ id }) => id);

test('every id that there is means itself', () => {
  for (const { id } of ALL) expect(idsOf(id)).toContain(id);
});

test.each(['server', 'timeout', 'dead-peer', 'echo', 'prefix32', 'output', 'end', 'deadlines', 'sockets', 'framing'])(
  '"%s" means a group',
  (word) => {
    expect(idsOf(word).length).toBeGreaterThan(1);
    expect(idsOf(word).length).toBeLessThan(ALL.length);
  },
);

test('what nothing is called means nothing', () => {
  expect(idsOf('nothing-like-it')).toEqual([]);
});

test('for a rule everything is exercised and the rule alone is told of', () => {
  const echo = { id: 'server/echo/prefix32', passage: 'Workloads' } as const;
  expect(isNeeded(['output/flush'], echo)).toBe(true);
  expect(isAsked(['output/flush'], echo)).toBe(false);
  expect(isNeeded(['timeout'], echo)).toBe(false);
});
