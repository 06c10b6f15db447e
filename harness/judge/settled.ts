/**
 * Settled: every operation ends by its own deadline, no deadline fires before its time, no process crashes or hangs.
 *
 * Owns deadlines and the ends of processes; whether what an operation ended with was right is judged elsewhere.
 */
import { placesOf } from './attempt.ts';
import type { Attempt, Place } from './attempt.ts';
import { boundariesAreLost } from './corruption.ts';
import { endsNotTaken } from './ends-taken.ts';
import { brokenUnlessHostStalled, notChecked, passed } from './finding.ts';
import type { Finding, Invariant, Words } from './finding.ts';
import { reaches } from './last-hop.ts';
import { endOfProcess } from './process-end.ts';
import { couldRunIn, lastSeenMs } from './process.ts';
import type { Window } from './tolerance.ts';
import { failure, inMs, named } from './wording.ts';
import { waitsOf } from './waits.ts';
import type { Wait } from './waits.ts';

export const settled: Invariant = {
  name: 'settled',
  statement:
    'Every operation ends by its own deadline and not before it is up; each process exits, and none crashes or hangs.',
  examine,
};

function examine(attempt: Attempt): Finding[] {
  const places = placesOf(attempt).map((place) => ({ place, waits: waitsOf(attempt, place) }));
  const breaches = [
    ...endOfProcess(attempt, attempt.server),
    ...endOfProcess(attempt, attempt.client),
    ...places.flatMap(({ place, waits }) => waits.flatMap((wait) => late(attempt, place, wait))),
    ...places.flatMap(({ place, waits }) => early(attempt, place, waits)),
    ...places.flatMap(({ place }) => endsNotTaken(attempt, place)),
  ];
  return breaches.length > 0 ? breaches : [allKept(places)];
}

/** The wait lasted longer than its deadline allows. */
function late(attempt: Attempt, place: Place, wait: Wait): Finding[] {
  const { tolerance } = attempt;
  const slackMs = tolerance.forBound(wait.boundMs) + (wait.ownClock ? 0 : place.process.clockErrorMs);
  const latestMs = wait.from.latestMs + wait.boundMs + slackMs;
  const lastMs = wait.overMs ?? lastSeenMs(place.process);
  if (lastMs <= latestMs) return [];
  const window = { fromMs: wait.from.earliestMs, toMs: Math.max(latestMs, lastMs) };
  if (!couldRunIn(place.process, window)) return [];
  const tookMs = lastMs - wait.from.latestMs;
  const words = {
    expected: `${named(place.side)} waits at most ${inMs(wait.boundMs)} for ${wait.what}, from ${inMs(wait.from.latestMs)} on`,
    actual:
      wait.overMs === null
        ? `it still waited ${inMs(tookMs)} later`
        : `the wait lasted ${inMs(tookMs)}, until ${inMs(lastMs)}`,
    measured: { valueMs: tookMs, atLeastMs: null, atMostMs: wait.boundMs },
    atMs: latestMs,
  };
  const excess = { window, boundMs: wait.boundMs, excessMs: tookMs - wait.boundMs };
  return [brokenUnlessHostStalled(attempt, excess, words)];
}

/** The side reported a timeout that none of its deadlines accounts for. */
function early(attempt: Attempt, place: Place, waits: readonly Wait[]): Finding[] {
  const { failed } = place.side;
  if (failed === null || failed.event.code !== 'timeout' || kernelMayTimeOut(attempt)) return [];
  const due = runningAt(waits, failed.atMs);
  if (due.length === 0 && !allDeadlinesKnown(attempt, place)) return [];
  if (deadlineWasUp(attempt, place, waits)) return [];
  const nearest = due.toSorted((one, other) => one.boundMs - one.ranMs - (other.boundMs - other.ranMs))[0];
  const words: Words =
    nearest === undefined
      ? {
          expected: `${named(place.side)} reports no timeout while no deadline of its own runs`,
          actual: failure(failed),
          atMs: failed.atMs,
        }
      : {
          expected: `${named(place.side)} waits ${inMs(nearest.boundMs)} for ${nearest.what} before it reports a timeout`,
          actual: `${failure(failed)}, after ${inMs(nearest.ranMs)}`,
          measured: { valueMs: nearest.ranMs, atLeastMs: nearest.boundMs, atMostMs: null },
          atMs: failed.atMs,
        };
  const boundMs = nearest?.boundMs ?? attempt.plan.params.ioTimeoutMs;
  const window = { fromMs: failed.atMs - boundMs, toMs: failed.atMs };
  const excess = { window, boundMs, excessMs: boundMs - (nearest?.ranMs ?? 0) };
  return [brokenUnlessHostStalled(attempt, excess, words)];
}

/** The waits that were still going on when a side failed, and how long each had then lasted at most. */
function runningAt(waits: readonly Wait[], failedMs: number): (Wait & { ranMs: number })[] {
  return waits
    .filter((wait) => !wait.came && wait.overMs !== null && wait.from.earliestMs <= failedMs)
    .map((wait) => ({ ...wait, ranMs: failedMs - wait.from.earliestMs }));
}

/** Whether a deadline of the side itself was up when it failed: `timeout` is then a right name, whatever else was the case. */
export function deadlineWasUp(attempt: Attempt, place: Place, waits: readonly Wait[]): boolean {
  const { failed } = place.side;
  if (failed === null) return false;
  return runningAt(waits, failed.atMs).some(({ ranMs, boundMs, ownClock }) => {
    const slackMs = attempt.tolerance.forBound(boundMs) + (ownClock ? 0 : place.process.clockErrorMs);
    return ranMs >= boundMs - slackMs;
  });
}

/** CONTRACT: `timeout` may also be the kernel's, where the plan asks it for one. */
function kernelMayTimeOut({ plan }: Attempt): boolean {
  return plan.params.keepAlive !== null || plan.params.userTimeoutMs > 0 || plan.kernel === 'fast';
}

/** Whether every deadline that the side may have is among its waits: a server's need the proxy's word, and `idle` has hidden ones. */
function allDeadlinesKnown(attempt: Attempt, place: Place): boolean {
  if (attempt.plan.workload === 'idle') return false;
  if (place.side.role === 'client') return true;
  // Where a message ends is then the peer's word, and a deadline runs from its first byte.
  if (boundariesAreLost(attempt, place)) return false;
  return attempt.wireTold && place.connection.wire !== null && reaches(attempt.plan, 'server');
}

function allKept(places: readonly { place: Place; waits: readonly Wait[] }[]): Finding {
  const all = places.flatMap(({ place, waits }) =>
    waits.filter((wait) => couldRunIn(place.process, spanOf(wait))).map((wait) => ({ place, wait })),
  );
  const tightest = all.reduce<(typeof all)[number] | null>(
    (most, one) => (most === null || used(one.wait) > used(most.wait) ? one : most),
    null,
  );
  if (tightest === null)
    return notChecked('operations end by their deadlines', 'no operation had a deadline; the processes ended well');
  const { place, wait } = tightest;
  const tookMs = (wait.overMs ?? wait.from.latestMs) - wait.from.latestMs;
  return passed({
    expected: `each of ${all.length} waits ends by its deadline`,
    actual: `all did; nearest to its deadline was ${named(place.side)}, which waited ${inMs(tookMs)} of ${inMs(wait.boundMs)} for ${wait.what}`,
    measured: { valueMs: tookMs, atLeastMs: null, atMostMs: wait.boundMs },
    atMs: wait.overMs,
  });
}

function spanOf(wait: Wait): Window {
  return { fromMs: wait.from.earliestMs, toMs: wait.overMs ?? wait.from.latestMs };
}

/** The part of the deadline that was used. */
function used(wait: Wait): number {
  return ((wait.overMs ?? wait.from.latestMs) - wait.from.latestMs) / wait.boundMs;
}
