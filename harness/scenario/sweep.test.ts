import { expect, test } from 'vitest';

import { atEach, atEachPair, sweeping } from './sweep.ts';

test('a sweep has one fault for each byte, both ends included, and a connection for each', () => {
  const faults = atEach(1, 3, (byte, own) => ({
    kind: 'fin',
    direction: 'downstream',
    at: { message: 0, byte },
    ...own,
  }));
  expect(faults).toEqual([
    { kind: 'fin', direction: 'downstream', at: { message: 0, byte: 1 }, connections: [1] },
    { kind: 'fin', direction: 'downstream', at: { message: 0, byte: 2 }, connections: [2] },
    { kind: 'fin', direction: 'downstream', at: { message: 0, byte: 3 }, connections: [3] },
  ]);
  expect(sweeping(faults.length)).toEqual({ connections: 3, concurrency: 3 });
});

test('a sweep over pairs has each pair once, the smaller first', () => {
  const pairs: (readonly [number, number])[] = [];
  atEachPair(1, 4, (pair, own) => {
    pairs.push(pair);
    return { kind: 'fragment', direction: 'both', gapMs: 1, ...own };
  });
  expect(pairs).toEqual([
    [1, 2],
    [1, 3],
    [1, 4],
    [2, 3],
    [2, 4],
    [3, 4],
  ]);
});
