import { expect, test } from 'vitest';

import type { PlannedFault } from '../../scenario/fault.ts';
import { apart } from './apart.ts';

const cut = (id: number, connections?: number[]): { fault: PlannedFault } => ({
  fault: {
    id: `f${id}`,
    kind: 'fin',
    direction: 'downstream',
    at: 0,
    when: { on: 'before-connect' },
    ...(connections === undefined ? {} : { connections }),
  },
});
const groups = (faults: { fault: PlannedFault }[]): string[] =>
  apart(faults).map((group) => group.map(({ fault }) => fault.id).join(' '));

test('neighbours for different connections go together, whoever shares one goes after', () => {
  expect(groups([cut(1, [1]), cut(2, [2]), cut(3, [2, 3]), cut(4, [4])])).toEqual(['f1 f2', 'f3 f4']);
});

test('a fault for every connection stands alone', () => {
  expect(groups([cut(1, [1]), cut(2), cut(3, [3]), cut(4, [4])])).toEqual(['f1', 'f2', 'f3 f4']);
});

test('a long sweep goes in groups, each fault in one of them', () => {
  const sweep = Array.from({ length: 40 }, (_, index) => cut(index + 1, [index + 1]));
  expect(apart(sweep).map((group) => group.length)).toEqual([16, 16, 8]);
  expect(apart(sweep).flat()).toEqual(sweep);
});
