/**
 * Sides that were still owed time when the harness ended their input: what they might have told of after that, nobody knows.
 *
 * Owns the comparison of that moment with the scenario's bound. Whether a subject obeys the end of its input is `settled.ts`.
 */
import type { UnknownReason } from '../evidence/verdict.ts';
import type { Within } from '../scenario/expectation.ts';
import type { Attempt, Place } from './attempt.ts';
import { findMark } from './marks.ts';

/** Why a side that closed at the harness's word proves nothing: its bound ran still, or the host had kept it waiting. */
export function whyToldToStop(attempt: Attempt, within: Within, place: Place): UnknownReason | null {
  const { closed, eof } = place.side;
  const { inputEnded } = place.process;
  if (eof !== null || closed === null || inputEnded === null || closed.atMs < inputEnded.atMs) return null;
  const marked = findMark(attempt, place, within.from, closed.atMs);
  if (marked === null) return null;
  const { tolerance } = attempt;
  const { atMostMs: boundMs } = within;
  const excessMs = inputEnded.atMs - marked.span.latestMs - boundMs;
  if (excessMs < tolerance.forBound(boundMs)) return 'precondition-not-seen';
  const window = { fromMs: marked.span.earliestMs, toMs: closed.atMs };
  return tolerance.explains({ window, boundMs, excessMs }) ? 'host-stalled' : null;
}
