import { expect, test } from 'vitest';

import { sampleEvidence } from '../sample/attempt.ts';
import { distributionsOf, quantile } from './latency.ts';

const swallowed = sampleEvidence({
  scenario: 'a/b',
  claim: 'c',
  fault: { kind: 'swallow' },
  echoes: 4,
  failure: { code: 'timeout', afterMs: 1003 },
});

test('an operation that timed out counts as one that took at least that long', () => {
  const [before, during, ...others] = distributionsOf(swallowed);
  expect(others).toEqual([]);
  expect(before).toMatchObject({ phase: 'before', censored: 0 });
  expect(before?.samples).toHaveLength(4);
  expect(during).toMatchObject({ phase: 'during', censored: 1 });
  expect(during?.samples).toHaveLength(1);
  const longest = quantile(during?.samples ?? [], 1);
  expect(longest.atLeast).toBe(true);
  expect(longest.valueMs).toBeGreaterThanOrEqual(1003);
});

test('what began once the last fault was lifted is after it', () => {
  const [receipt] = swallowed.receipts;
  if (receipt === undefined) throw new Error('no receipt');
  const atMs = receipt.delivered?.earliestMs ?? 0;
  const lifted = { askedAtMs: atMs - 50, acknowledgedAtMs: atMs - 50 };
  const evidence = { ...swallowed, receipts: [{ ...receipt, lifted }] };
  expect(distributionsOf(evidence).map(({ phase, samples }) => [phase, samples.length])).toEqual([
    ['before', 4],
    ['after', 1],
  ]);
});

test('a quantile is the nearest rank, and a bound from the first operation on that never ended', () => {
  const samples = [30, 10, 20, 40].map((tookMs) => ({ startMs: 0, tookMs, censored: tookMs === 30 }));
  expect(quantile(samples, 0.5)).toEqual({ valueMs: 20, atLeast: false });
  expect(quantile(samples, 0.75)).toEqual({ valueMs: 30, atLeast: true });
  expect(quantile(samples, 1)).toEqual({ valueMs: 40, atLeast: true });
});
