import { describe, expect, test } from 'vitest';

import type { EvidenceRecord } from '../evidence/record.ts';
import { toleranceOf } from './tolerance.ts';

const begun: EvidenceRecord = {
  kind: 'event',
  atMs: 100,
  role: 'client',
  event: { event: 'connecting', conn: 1, key: 1 },
};
const stall = (atMs: number, lateMs: number, process: 'harness' | 'client' = 'harness'): EvidenceRecord => ({
  kind: 'stalled',
  atMs,
  process,
  lateMs,
});

describe('tolerance', () => {
  test('a quiet host still gives a bound a few time slices, and no more', () => {
    const tolerance = toleranceOf([begun]);
    expect(tolerance.forBound(1000)).toBe(20);
    expect(tolerance.longestStallMs).toBe(0);
  });

  test('a bound never gives way by more than a fifth of itself', () => {
    expect(toleranceOf([begun, stall(500, 90)]).forBound(50)).toBe(10);
  });

  test('nor by more than 100 ms, however long the host stalled', () => {
    expect(toleranceOf([begun, stall(3000, 2000)]).forBound(10_000)).toBe(100);
  });

  test('a stall raises it by what it may have cost at both ends of an interval', () => {
    expect(toleranceOf([begun, stall(500, 30)]).forBound(1000)).toBe(80);
  });

  test('what happened before the first connection is no matter', () => {
    expect(toleranceOf([stall(50, 90), begun]).longestStallMs).toBe(0);
  });

  test('a window in which the host stalled for longer than the bound gives way proves nothing', () => {
    const tolerance = toleranceOf([begun, stall(1000, 150)]);
    expect(tolerance.stalledIn({ fromMs: 900, toMs: 2000 }, 1000)).toBe(true);
    expect(tolerance.stalledIn({ fromMs: 1001, toMs: 2000 }, 1000)).toBe(false);
    expect(tolerance.stalledIn({ fromMs: 300, toMs: 849 }, 1000)).toBe(false);
    expect(tolerance.stalledIn({ fromMs: 300, toMs: 850 }, 1000)).toBe(true);
  });

  test('the waits of one subject add up, wake-ups of the harness do not', () => {
    const window = { fromMs: 900, toMs: 1200 };
    const often = (process: 'harness' | 'client') =>
      toleranceOf([begun, ...[1000, 1025, 1050].map((atMs) => stall(atMs, 40, process))]).stalledIn(window, 1000);
    expect(often('client')).toBe(true);
    expect(often('harness')).toBe(false);
  });

  test('a stall that the tolerance covers is no excuse', () => {
    expect(toleranceOf([begun, stall(1000, 90)]).stalledIn({ fromMs: 900, toMs: 2000 }, 1000)).toBe(false);
  });
});
