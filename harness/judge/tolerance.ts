/**
 * How much a time bound gives way to the host, and when the host was too slow to judge at all.
 *
 * Owns DESIGN, Verdicts: the allowance comes from the `stalled` records, is at most the smaller of 100 ms and
 * 20 % of the bound, and a window in which the host stalled longer proves nothing.
 */
import { ROLES } from '../contract/words.ts';
import { alignEvents } from '../evidence/clock.ts';
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
  /** The longest that a process of the attempt waited for a core at a time. */
  readonly longestStallMs: number;
  /** What a bound is given that is long enough for 20 % of it to be more. */
  readonly allowanceMs: number;
  /** What a bound of `boundMs` is given. */
  forBound(boundMs: number): number;
  /** Whether the host stalled, in this window, for longer than the bound is given, and for long enough to explain the excess. */
  explains(excess: Excess): boolean;
  /** For how much of a long window the host let the harness, or these processes, not run: all its stalls together. */
  lostIn(window: Window, processes: readonly StalledProcess[]): number;
}

/** What the host can keep from running. */
export type StalledProcess = RecordOf<'stalled'>['process'];

export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** By how much a bound was missed, and over which stretch of time that came about. */
export interface Excess {
  readonly window: Window;
  readonly boundMs: number;
  readonly excessMs: number;
}

/** Not all that runs is measured: the kernel's own work for a connection waits as well. */
export const SEEN_OF_STALLS = 0.5;

/** Reads the `stalled` records of one attempt, from the first connection on: before that nothing is timed. */
export function toleranceOf(records: readonly EvidenceRecord[]): Tolerance {
  const begunMs = firstConnectionMs(records);
  const all = records.filter((record): record is RecordOf<'stalled'> => record.kind === 'stalled');
  const stalls = all.filter((record) => record.atMs >= begunMs);
  const longestStallMs = stalls.reduce((longest, stall) => Math.max(longest, stall.lateMs), 0);
  const allowanceMs = Math.min(MOST_MS, QUIET_HOST_MS + ENDS_OF_AN_INTERVAL * longestStallMs);
  // A bound of a few milliseconds still cannot be held tighter than timers are.
  const cap = (boundMs: number) => Math.max(TIMER_MS, Math.min(MOST_MS, MOST_OF_BOUND * boundMs));
  return {
    longestStallMs,
    allowanceMs,
    forBound: (boundMs) => Math.min(allowanceMs, cap(boundMs)),
    explains: ({ window, boundMs, excessMs }) => {
      const waitedMs = waitedIn(stalls, window);
      return waitedMs > cap(boundMs) && waitedMs >= excessMs * SEEN_OF_STALLS;
    },
    lostIn: (window, processes) => {
      const within = latesIn(all, window);
      return Math.max(sum(within('harness')), sum(processes.flatMap(within)));
    },
  };
}

/** How long processes waited for a core in a window. One may wait for another, so that their waits add up. */
function waitedIn(stalls: readonly RecordOf<'stalled'>[], window: Window): number {
  const of = latesIn(stalls, window);
  // A subject's and the proxy's are parts of one count; the harness's are wake-ups, each late by itself.
  return Math.max(0, ...of('harness'), sum(PROCESSES.flatMap(of)));
}

/** Those whose waits are parts of one count. */
export const PROCESSES: readonly StalledProcess[] = ['client', 'server', 'proxy'];

function latesIn(
  stalls: readonly RecordOf<'stalled'>[],
  { fromMs, toMs }: Window,
): (process: StalledProcess) => number[] {
  const within = stalls.filter((stall) => stall.atMs >= fromMs && stall.atMs - stall.lateMs <= toMs);
  return (process) => within.filter((stall) => stall.process === process).map((stall) => stall.lateMs);
}

/** When the first connection was told of, by the teller's own stamp: a stall may have kept the line from arriving. */
function firstConnectionMs(records: readonly EvidenceRecord[]): number {
  const firsts = ROLES.flatMap((role) => {
    const first = alignEvents(records, role).events.find(({ event }) => 'conn' in event);
    return first === undefined ? [] : [Math.min(first.atMs, first.arrivedMs)];
  });
  return firsts.length === 0 ? 0 : Math.min(...firsts);
}

function sum(lates: readonly number[]): number {
  return lates.reduce((total, lateMs) => total + lateMs, 0);
}

/** Timers of every runtime are this coarse. */
const TIMER_MS = 2;
