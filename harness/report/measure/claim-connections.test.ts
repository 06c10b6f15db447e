import { expect, test } from 'vitest';

import type { Check, Verdict } from '../../evidence/verdict.ts';
import { sampleVerdict } from '../sample/attempt.ts';
import { claimsByConnection } from './claim-connections.ts';

const verdict = (word: Verdict['verdict'], checks: readonly Partial<Check>[]): Verdict =>
  sampleVerdict({ scenario: 'a/b', claim: 'c', verdict: word, checks });
const asItIs = (_: unknown, conn: number): number => conn;

test('a claim stands on the connection that its check names, by the number the proxy gave it', () => {
  const failed = verdict('fail', [
    { outcome: 'fail', expected: 'client connection 2 receives 10 bytes', actual: 'it received 0 bytes' },
    { outcome: 'unknown', expected: 'an end', actual: 'server connection 3 told of none' },
    { outcome: 'unknown', expected: 'an end', actual: 'client connection 2 told of none' },
    { outcome: 'pass', expected: 'client connection 4 ends', actual: 'it did' },
  ]);
  const names = (role: string, conn: number): number => conn + (role === 'client' ? 10 : 20);
  const { of, unnamed } = claimsByConnection(failed, names);
  expect([12, 23, 14, 2].map(of)).toEqual(['fail', 'unknown', 'pass', 'pass']);
  expect(unnamed).toBe(false);
});

test('where breaches were counted and not named, or nothing was judged, no connection is told to be well', () => {
  const many = { outcome: 'fail', actual: 'client connection 8 failed with reset; and 42 more like it' } as const;
  const counted = claimsByConnection(verdict('fail', [many]), asItIs);
  expect([8, 9].map(counted.of)).toEqual(['fail', null]);
  expect(counted.unnamed).toBe(true);
  expect(claimsByConnection(verdict('unknown', [{ outcome: 'unknown' }]), asItIs).of(1)).toBeNull();
  expect(claimsByConnection(null, asItIs).of(1)).toBeNull();
});
