/**
 * Seen: what must have happened before the fault, or the run proves nothing.
 *
 * Owns the counting; what has to be seen is the scenario's.
 */
import type { Seen } from '../scenario/expectation.ts';
import type { Attempt } from './attempt.ts';
import { passed, untold } from './finding.ts';
import type { Finding } from './finding.ts';
import { breaksConnections } from './harm.ts';
import { counted, inMs } from './wording.ts';

/** One finding for each thing that the scenario wants seen. */
export function examineSeen(attempt: Attempt): { seen: Seen; finding: Finding }[] {
  return attempt.plan.seen.map((seen) => ({ seen, finding: examine(attempt, seen) }));
}

function examine(attempt: Attempt, seen: Seen): Finding {
  const untilMs = faultsFrom(attempt);
  const told = attempt[seen.role].events.filter(({ event, atMs }) => event.event === seen.event && atMs <= untilMs);
  const before = untilMs === Infinity ? '' : ` before the fault`;
  const expected = `the ${seen.role} tells of ${seen.event} at least ${counted(seen.atLeast, 'time')}${before}`;
  const actual = `it did ${counted(told.length, 'time')}${untilMs === Infinity ? '' : `, the fault being at ${inMs(untilMs - attempt.tolerance.allowanceMs)}`}`;
  if (told.length < seen.atLeast) return untold('precondition-not-seen', { expected, actual });
  return passed({ expected, actual, atMs: told[seen.atLeast - 1]?.atMs ?? null });
}

/** From when on nothing counts any more: what was on its way when the first harmful fault bit may still be told of. */
function faultsFrom(attempt: Attempt): number {
  const bites = attempt.faults.flatMap((view) =>
    breaksConnections(view.fault) && view.delivered !== null ? [view.delivered.latestMs] : [],
  );
  return bites.length === 0 ? Infinity : Math.min(...bites) + attempt.tolerance.allowanceMs;
}
