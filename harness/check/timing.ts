/**
 * Bounds in time: exact below, generous above.
 *
 * Owns the tolerance. A check is no measurement: the upper side leaves room for a busy machine, yet stays below the
 * contract's defaults, so that a deadline that was ignored shows.
 */
import type { Miss } from './clause.ts';
import type { Transcript } from './transcript.ts';

/** DESIGN, Verdicts: at most the smaller of 100 ms and 20 % of the bound. */
const EARLY_MS = 100;
const EARLY_PART = 0.2;
/** A process that is ready to run is run within this on a machine with twice as many busy ones as cores. */
const LATE_MS = 500;

/**
 * Whether something took as long as it should.
 *
 * @param tookMs how long it took
 * @param boundMs how long it should
 */
export function boundMiss(
  what: string,
  tookMs: number,
  boundMs: number,
  transcript: Pick<Transcript, 'stalledMs'>,
): Miss | null {
  const leastMs = boundMs - Math.min(EARLY_MS, boundMs * EARLY_PART);
  const mostMs = boundMs + LATE_MS + 2 * transcript.stalledMs;
  if (tookMs >= leastMs && tookMs <= mostMs) return null;
  return { expected: `${what} after ${boundMs} ms`, actual: `it came after ${Math.round(tookMs)} ms` };
}

/** Whether something took at least as long as it should; how much longer is not judged. */
export function pauseMiss(what: string, tookMs: number, boundMs: number): Miss | null {
  if (tookMs >= boundMs - Math.min(EARLY_MS, boundMs * EARLY_PART)) return null;
  return { expected: `${what} of at least ${boundMs} ms`, actual: `${Math.round(tookMs)} ms` };
}
