/**
 * Whether a scenario itself names a failure as what should come: there and then.
 *
 * Owns the question which places and times such an expectation speaks for; whether it is met is `expectations.ts`.
 */
import type { Role } from '../contract/words.ts';
import type { Attempt, Place } from './attempt.ts';
import { mayHaveNoneLeft } from './descriptors.ts';
import type { FaultView } from './fault-effects.ts';
import type { EventOf } from './side.ts';

/** Whether the scenario names the failure for its role, or leaves the server no descriptor to accept with. */
export function isNamed(attempt: Attempt, role: Role, failed: EventOf<'failed'>): boolean {
  if (mayHaveNoneLeft(attempt.plan, role, failed)) return true;
  return attempt.plan.expect.some(
    (expectation) =>
      expectation.kind === 'fails' &&
      expectation.role === role &&
      expectation.codes.includes(failed.event.code) &&
      (expectation.ops?.includes(failed.event.op) ?? true),
  );
}

/** Whether the scenario names the failure, of a connection that its faults concern. */
export function isExpected(attempt: Attempt, place: Place, failed: EventOf<'failed'>): boolean {
  const { faults } = attempt;
  if (!isNamed(attempt, place.side.role, failed)) return false;
  return faults.length === 0 || faults.some((view) => concerns(attempt, place, { view, failed }));
}

/** Failures whose time is judged by the deadlines themselves: they may be up before the fault has bitten. */
const BY_DEADLINE: ReadonlySet<string> = new Set(['timeout', 'dead-peer']);

function concerns(
  attempt: Attempt,
  { connection, process }: Place,
  { view, failed }: { view: FaultView; failed: EventOf<'failed'> },
): boolean {
  const { fault, delivered, receipt } = view;
  // What is not proved is no ground to judge by, and a script's sides are known by the peer's word.
  if (delivered === null || fault.kind === 'script') return true;
  const conns = 'connections' in fault ? fault.connections : undefined;
  if (conns !== undefined && connection.wire !== null && !conns.includes(connection.wire.conn)) return false;
  if (BY_DEADLINE.has(failed.event.code)) return true;
  const span = view.on(connection);
  if (span === null) return false;
  // What no proxy tells of is known by its receipt: it began when it was asked for, at the earliest.
  const fromMs = span === delivered ? (receipt?.asked?.atMs ?? 0) : span.earliestMs;
  return failed.atMs + attempt.tolerance.allowanceMs + process.clockErrorMs >= fromMs;
}
