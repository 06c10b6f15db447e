import { expect, test } from 'vitest';

import type { PlannedFault } from '../../scenario/fault.ts';
import { describeFaults } from './sweep-words.ts';

const fault = (number: number, more: Record<string, unknown>): PlannedFault =>
  ({
    id: `f${number}`,
    kind: 'fin',
    direction: 'downstream',
    when: { on: 'before-connect' },
    ...more,
  }) as unknown as PlannedFault;
const sweep = (count: number, more: (at: number) => Record<string, unknown> = () => ({})) =>
  Array.from({ length: count }, (_, at) => fault(at + 1, { at: at + 1, connections: [at + 1], ...more(at) }));

test('the faults of a sweep are one line, with how many and from where to where', () => {
  expect(describeFaults(sweep(2048))).toEqual([
    {
      ids: 'f1–f2048',
      words: 'fin × 2,048 at byte 1 to 2,048 (server → client), armed before connect, one a connection',
    },
  ]);
});

test('two that take turns are two lines', () => {
  const turns = sweep(6, (at) => ({
    at: [at, at + 1],
    direction: at % 2 === 0 ? 'upstream' : 'downstream',
    connections: [Math.floor(at / 2) + 1],
  }));
  expect(describeFaults(turns)).toEqual([
    {
      ids: 'f1…f5',
      words: 'fin × 3 at byte 0 to 5 (client → server), armed before connect, one a connection',
    },
    {
      ids: 'f2…f6',
      words: 'fin × 3 at byte 1 to 6 (server → client), armed before connect, one a connection',
    },
  ]);
});

test('what differs in more than its place, or is for every connection, stays a line of its own', () => {
  const kinds = sweep(2, (at) => ({ kind: at === 0 ? 'fin' : 'reset' }));
  expect(describeFaults(kinds).map(({ ids }) => ids)).toEqual(['f1', 'f2']);
  const everywhere = sweep(2, () => ({ connections: undefined }));
  expect(describeFaults(everywhere).map(({ ids }) => ids)).toEqual(['f1', 'f2']);
  expect(describeFaults(sweep(1))[0]?.words).toMatch(/^fin at byte 1 .*, connection 1 only$/);
});

test('several on one connection are not told to have one each', () => {
  expect(describeFaults(sweep(2, () => ({ connections: [1] })))[0]?.words).toMatch(/, each on one connection$/);
});
