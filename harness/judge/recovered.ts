/**
 * Recovered: once the fault is lifted, service returns within the bound.
 *
 * Owns the first answer after a fault that the plan lifts: on a connection that outlived it at once, by reconnecting
 * within the longest pause that the backoff allows at that time.
 */
import { placesOfRole } from './attempt.ts';
import type { Attempt, Place } from './attempt.ts';
import type { FaultView } from './fault-effects.ts';
import { brokenUnderFault, notChecked, passed, untold } from './finding.ts';
import type { Finding, Invariant } from './finding.ts';
import { isPacketFault } from '../scenario/fault.ts';
import { breaksConnections } from './harm.ts';
import { boundOf, pausesOf } from './paced.ts';
import { takenAway } from './process.ts';
import { inMs } from './wording.ts';

export const recovered: Invariant = {
  name: 'recovered',
  statement: 'Once a fault is lifted, service returns within the bound.',
  examine,
};

/** Connecting and one answer on a host that is fit to judge on. */
const SERVICE_MS = 300;

/**
 * RFC 6298, 5.5: after each loss the kernel waits twice as long before it sends again, so that the pause in which a network
 * comes back is at most as long as the outage was, and one first timeout (RFC 6298, 2.1) more.
 */
const RETRANSMISSION_MS = 1_000;

const EXPECTED = 'service returns after the fault is lifted';

function examine(attempt: Attempt): Finding[] {
  if (!attempt.ledger.echoes) return [notChecked(EXPECTED, 'the workload has no answers to tell it by')];
  const lifts = attempt.faults.filter((view) => breaksConnections(view.fault) && view.fault.forMs !== undefined);
  const findings = lifts.flatMap((view) =>
    [...byKey(attempt).values()].flatMap((places) => returned(attempt, view, places)),
  );
  const bad = findings.filter((finding) => finding.outcome !== 'pass');
  if (bad.length > 0) return bad;
  const slowest = findings.toSorted((one, other) => (other.measured?.valueMs ?? 0) - (one.measured?.valueMs ?? 0))[0];
  return [slowest ?? notChecked(EXPECTED, 'no fault was lifted while a client still waited for service')];
}

function byKey(attempt: Attempt): Map<number | null, Place[]> {
  return Map.groupBy(placesOfRole(attempt, 'client'), ({ side }) => side.key);
}

/** Whether one client got its next answer in time; nothing if it no longer waited for one. */
function returned(attempt: Attempt, { fault, liftedMs, delivered }: FaultView, places: readonly Place[]): Finding[] {
  if (liftedMs === null || delivered === null || takenAway(attempt.client) || takenAway(attempt.server)) return [];
  const answers = places.flatMap(({ side }) => side.received.map((told) => told.atMs));
  const before = answers.filter((atMs) => atMs <= liftedMs).length;
  const waitMs = waitAllowedMs(attempt, places, liftedMs);
  if (before >= attempt.ledger.messages || waitMs === null) return [];
  const backoffMs = isPacketFault(fault) ? liftedMs - delivered.earliestMs + RETRANSMISSION_MS : 0;
  const boundMs = waitMs + SERVICE_MS + backoffMs + attempt.plan.params.paceMs;
  const nextMs = answers.find((atMs) => atMs > liftedMs) ?? null;
  if (isBrokenAgain(attempt, liftedMs, Math.min(nextMs ?? Infinity, liftedMs + boundMs))) return [];
  const what = `the ${fault.kind} was lifted at ${inMs(liftedMs)}`;
  return [timed(attempt, { what, liftedMs, nextMs, boundMs })];
}

/** Whether another fault broke the service before it could return. */
function isBrokenAgain({ faults }: Attempt, fromMs: number, toMs: number): boolean {
  return faults.some(
    ({ fault, delivered }) =>
      breaksConnections(fault) && delivered !== null && delivered.latestMs > fromMs && delivered.earliestMs < toMs,
  );
}

interface Return {
  readonly what: string;
  readonly liftedMs: number;
  readonly nextMs: number | null;
  readonly boundMs: number;
}

function timed(attempt: Attempt, { what, liftedMs, nextMs, boundMs }: Return): Finding {
  const expected = `the client is answered at most ${inMs(boundMs)} after ${what}`;
  if (nextMs === null) return brokenUnderFault({ expected, actual: 'it never was again', atMs: liftedMs });
  const tookMs = nextMs - liftedMs;
  const words = {
    expected,
    actual: `it was after ${inMs(tookMs)}`,
    measured: { valueMs: tookMs, atLeastMs: null, atMostMs: boundMs },
    atMs: nextMs,
  };
  if (tookMs <= boundMs + attempt.tolerance.forBound(boundMs)) return passed(words);
  const window = { fromMs: liftedMs, toMs: nextMs };
  const stalled = attempt.tolerance.explains({ window, boundMs, excessMs: tookMs - boundMs });
  return stalled ? untold('host-stalled', words) : brokenUnderFault(words);
}

/** How long the client may take before it asks again; null: it had given up, or will without asking again. */
function waitAllowedMs(attempt: Attempt, places: readonly Place[], liftedMs: number): number | null {
  const last = places.findLast(({ side }) => (side.connecting?.atMs ?? 0) <= liftedMs)?.side;
  if (last === undefined) return null;
  const endMs = Math.min(last.failed?.atMs ?? Infinity, last.closed?.atMs ?? Infinity);
  const livesOn = endMs > liftedMs && last.failed === null;
  if (livesOn) return 0;
  if (attempt.plan.workload !== 'reconnect' || last.failed === null) return null;
  const retry = 1 + (pausesOf(attempt).find((pause) => pause.side === last)?.retry ?? 0);
  const { retries, connectTimeoutMs } = attempt.plan.params;
  // One that fails only after the lift, by a deadline that ran before it, asks again after that.
  return retry > retries ? null : Math.max(0, endMs - liftedMs) + boundOf(attempt, retry) + connectTimeoutMs;
}
