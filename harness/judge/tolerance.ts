/**
 * How much a time bound gives way to the host, and when the host was too slow to judge at all.
 *
 * Owns DESIGN, Verdicts: the allowance comes from the canary's `stalled` records, is at most the smaller of 100 ms and
 * 20 % of the bound, and a window in which the host stalled longer proves nothing.
 */
import type { EvidenceRecord, RecordOf } from '../evidence/record.ts';

/** The allowance never exceeds this. DESIGN, Verdicts. */
const MOST_MS = 100;

/** Nor this part of the bound. DESIGN, Verdicts. */
const MOST_OF_BOUND = 0.2;

/** Given on a host that never stalled: timers are a millisecond coarse and a runnable process waits a time slice or two. */
const QUIET_HOST_MS = 20;

/** A stall can hit both ends of an interval. */
const ENDS_OF_AN_INTERVAL = 2;

export interface Tolerance {
  /** The longest lateness the canary saw in the attempt. */
  readonly longestStallMs: number;
  /** What a bound is given that is long enough for 20 % of it to be more. */
  readonly allowanceMs: number;
  /** What a bound of `boundMs` is given. */
  forBound(boundMs: number): number;
  /** Whether the host stalled, in this window, for longer than a bound of `boundMs` is given. */
  stalledIn(window: Window, boundMs: number): boolean;
}

export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Reads the canary's records of one attempt. */
export function toleranceOf(records: readonly EvidenceRecord[]): Tolerance {
  const stalls = records.filter((record): record is RecordOf<'stalled'> => record.kind === 'stalled');
  const longestStallMs = stalls.reduce((longest, stall) => Math.max(longest, stall.lateMs), 0);
  const allowanceMs = Math.min(MOST_MS, QUIET_HOST_MS + ENDS_OF_AN_INTERVAL * longestStallMs);
  const cap = (boundMs: number) => Math.min(MOST_MS, MOST_OF_BOUND * boundMs);
  return {
    longestStallMs,
    allowanceMs,
    // A bound of a few milliseconds still cannot be held tighter than timers are.
    forBound: (boundMs) => Math.max(Math.min(allowanceMs, cap(boundMs)), TIMER_MS),
    stalledIn: ({ fromMs, toMs }, boundMs) =>
      stalls.some(
        (stall) =>
          stall.lateMs > Math.max(cap(boundMs), TIMER_MS) && stall.atMs >= fromMs && stall.atMs - stall.lateMs <= toMs,
      ),
  };
}

/** Timers of every runtime are this coarse. */
const TIMER_MS = 2;
