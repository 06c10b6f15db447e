import { expect, test } from 'vitest';

import { LogTail } from './log-tail.ts';

/** A stream of these lengths, and what a tail of ten bytes keeps of it. */
function tailOf(lengths: readonly number[]) {
  const stream = Buffer.from(Array.from({ length: lengths.reduce((sum, each) => sum + each, 0) }, (_, at) => at % 251));
  const tail = new LogTail(10);
  let at = 0;
  for (const length of lengths) {
    tail.push(stream.subarray(at, at + length));
    at += length;
  }
  return { stream, tail };
}

test.for([
  [[]],
  [[3, 4]],
  [[10]],
  [[4, 6]],
  [[6, 6]],
  [[10, 10]],
  [[35]],
  [[3, 35]],
  [[35, 3, 9]],
  [[1, 0, 8, 2, 7, 10, 11, 1]],
])('the last ten bytes of pieces of %j are kept in order, and how many were left out', ([lengths = []]) => {
  const { stream, tail } = tailOf(lengths);
  expect([...tail.kept()]).toEqual([...stream.subarray(-10)]);
  expect(tail.leftOutBytes).toBe(Math.max(0, stream.length - 10));
});

test('what is kept costs nothing when more comes', () => {
  const [small, large] = [1024, 1024 * 1024].map((limitBytes) => {
    const tail = new LogTail(limitBytes);
    tail.push(Buffer.alloc(limitBytes));
    const piece = Buffer.alloc(64);
    const startedMs = performance.now();
    for (let count = 0; count < 20_000; count += 1) tail.push(piece);
    return performance.now() - startedMs;
  });
  // Copying what is kept each time would be a thousand times as much.
  expect(large ?? Infinity).toBeLessThan((small ?? 0) * 20 + 50);
});
