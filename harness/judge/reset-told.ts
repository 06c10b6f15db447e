/**
 * A reset is not told as a clean end: CONTRACT, Output.
 *
 * Owns the `eof` of a side to which the wire proxy handed a reset and no FIN, wherever between messages that fell. A
 * failure by the wrong name is `classified.ts`, a cut message `truncation.ts`.
 */
import type { Attempt, Place } from './attempt.ts';
import { broken } from './finding.ts';
import type { Finding } from './finding.ts';
import { flowTo } from './too-soon.ts';
import { inMs, named } from './wording.ts';

/** Real Toxiproxy makes an end of a reset, and its recorder does not see it: only the wire proxy's own word counts. */
export function resetToldAsEnd(attempt: Attempt, place: Place): Finding[] {
  const { side } = place;
  const end = attempt.plan.proxy === 'wire' ? flowTo(attempt, place)?.end : null;
  // The kernel may have told a send of it, and the receiver then of an end: who tells of both has not lost it.
  if (end?.by !== 'reset' || side.eof === null || side.failed !== null) return [];
  return [
    broken({
      expected: `${named(side)} tells of the reset that reached it at ${inMs(end.atMs)} as a failure`,
      actual: `it told of a clean end at ${inMs(side.eof.atMs)}, which nobody sent it`,
      atMs: side.eof.atMs,
    }),
  ];
}
