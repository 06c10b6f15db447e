import { describe, expect, test } from 'vitest';

import type { EvidenceRecord } from '../evidence/record.ts';
import { toleranceOf } from './tolerance.ts';

const begun: EvidenceRecord = {
  kind: 'event',
  atMs: 100,
  role: 'client',
  event: { event: 'connecting', conn: 1, key: 1 },
};
const stall = (atMs: number, lateMs: number, process: 'harness' | 'client' | 'server' = 'harness'): EvidenceRecord => ({
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

  test('a first connection counts from its own stamp: what delayed its line counts too', () => {
    const origin: EvidenceRecord = { kind: 'origin', atMs: 0, monotonicMicros: 5_000_000 };
    const stamped: EvidenceRecord = {
      kind: 'event',
      atMs: 300,
      role: 'client',
      event: { event: 'connecting', conn: 1, key: 1, at: 5_100_000 },
    };
    expect(toleranceOf([origin, stall(290, 180), stamped]).longestStallMs).toBe(180);
    expect(toleranceOf([origin, stall(99, 90), stamped]).longestStallMs).toBe(0);
    // It began before the connection and went on into it.
    expect(toleranceOf([origin, stall(101, 90), stamped]).longestStallMs).toBe(90);
  });

  const missed = (fromMs: number, toMs: number, excessMs = 0) => ({
    window: { fromMs, toMs },
    boundMs: 1000,
    excessMs,
  });

  test('a window in which the host stalled for longer than the bound gives way proves nothing', () => {
    const tolerance = toleranceOf([begun, stall(1000, 150)]);
    expect(tolerance.explains(missed(900, 2000))).toBe(true);
    expect(tolerance.explains(missed(1001, 2000))).toBe(false);
    expect(tolerance.explains(missed(300, 849))).toBe(false);
    expect(tolerance.explains(missed(300, 850))).toBe(true);
  });

  test('a stall explains no more than twice its length', () => {
    const tolerance = toleranceOf([begun, stall(1000, 150)]);
    expect(tolerance.explains(missed(900, 2000, 300))).toBe(true);
    expect(tolerance.explains(missed(900, 2000, 301))).toBe(false);
  });

  test('the waits of subjects add up, wake-ups of the harness do not', () => {
    const often = (...processes: ('harness' | 'client' | 'server')[]) =>
      toleranceOf([begun, ...processes.map((process, index) => stall(1000 + 25 * index, 40, process))]).explains(
        missed(900, 1200),
      );
    expect(often('client', 'client', 'client')).toBe(true);
    expect(often('client', 'server', 'client')).toBe(true);
    expect(often('harness', 'harness', 'harness')).toBe(false);
    expect(often('client', 'server')).toBe(false);
  });

  test('a stall that the tolerance covers is no excuse', () => {
    expect(toleranceOf([begun, stall(1000, 90)]).explains(missed(900, 2000))).toBe(false);
  });
});
