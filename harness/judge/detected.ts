/**
 * Detected: a dead peer is reported within the budget, and not before it is spent.
 *
 * Owns `deadPeerMs`: that without one no peer counts as dead, from when it runs (CONTRACT, Deadlines), and whether a side
 * kept it, by the bytes the proxy handed on where it tells, else by what the side said it heard.
 */
import { placesOf } from './attempt.ts';
import type { Attempt, Place } from './attempt.ts';
import { broken, brokenUnderFault, brokenUnlessHostStalled, notChecked, passed, untold } from './finding.ts';
import type { Finding, Invariant, Words } from './finding.ts';
import { couldRunIn, lastSeenMs } from './process.ts';
import { endedMs } from './side.ts';
import { failure, inMs, named, within } from './wording.ts';
import { silencesOf } from './silences.ts';
import type { Silence } from './silences.ts';

export const detected: Invariant = {
  name: 'detected',
  statement: 'A dead peer is reported within the budget that the workload gives, and not before it is spent.',
  examine,
};

function examine(attempt: Attempt): Finding[] {
  if (attempt.plan.params.deadPeerMs === 0) return unasked(attempt);
  const places = placesOf(attempt).map((place) => ({ place, silences: silencesOf(attempt, place) }));
  const breaches = places.flatMap(({ place, silences }) => [
    ...tooEarly(attempt, place, silences),
    ...silences.flatMap((silence) => tooLate(attempt, place, silence)),
  ]);
  if (breaches.length > 0) return breaches;
  return [noticed(attempt, places)];
}

/** Without a budget a peer never counts as dead: CONTRACT, Parameters. */
function unasked(attempt: Attempt): Finding[] {
  const breaches = placesOf(attempt).flatMap(({ side }) =>
    side.failed?.event.code === 'dead-peer'
      ? [
          broken({
            expected: `${named(side)} never reports dead-peer, the workload giving no budget for it`,
            actual: `it ${failure(side.failed)}`,
            atMs: side.failed.atMs,
          }),
        ]
      : [],
  );
  if (breaches.length > 0) return breaches;
  return [notChecked('dead peers are noticed', 'the workload gives no budget for noticing a dead peer')];
}

/** `dead-peer` was reported although something had been heard within the budget. */
function tooEarly(attempt: Attempt, place: Place, silences: readonly Silence[]): Finding[] {
  const { failed } = place.side;
  if (failed === null || failed.event.code !== 'dead-peer') return [];
  const budgetMs = attempt.plan.params.deadPeerMs;
  const window = { fromMs: failed.atMs - budgetMs, toMs: failed.atMs };
  // What reached a frozen process was not received by it: its budget went on running.
  if (!couldRunIn(place.process, window) || budgetWasSpent(attempt, place, silences)) return [];
  const silence = silenceAt(silences, failed.atMs);
  const silentMs = silence === undefined ? 0 : failed.atMs - silence.fromMs;
  const words: Words = {
    expected: `${named(place.side)} reports dead-peer ${within(budgetMs, null, silence?.since ?? 'the last byte')}`,
    actual: `it did at ${inMs(failed.atMs)}, ${silence === undefined ? 'while it waited for nothing' : `${inMs(silentMs)} after ${silence.since}`}`,
    measured: { valueMs: silentMs, atLeastMs: budgetMs, atMostMs: null },
    atMs: failed.atMs,
  };
  const excess = { window, boundMs: budgetMs, excessMs: budgetMs - silentMs };
  return [brokenUnlessHostStalled(attempt, excess, words)];
}

/** Whether a side had heard nothing for its whole budget when it failed. */
export function budgetWasSpent(attempt: Attempt, place: Place, silences: readonly Silence[]): boolean {
  const { failed } = place.side;
  const budgetMs = attempt.plan.params.deadPeerMs;
  if (failed === null || budgetMs === 0) return false;
  const heardMs = lastHeardMs(place, failed.atMs);
  return silences.some((silence) => {
    const slackMs = attempt.tolerance.forBound(budgetMs) + (silence.ownClock ? 0 : place.process.clockErrorMs);
    // A byte that came after the budget was spent, but before the report, does not undo it.
    const isOver = Math.min(silence.untilMs, failed.atMs) - silence.fromMs >= budgetMs - slackMs;
    return isOver && silence.fromMs <= failed.atMs && silence.untilMs >= heardMs;
  });
}

/** When the side last said that it had heard something. */
function lastHeardMs({ side }: Place, beforeMs: number): number {
  const heard = side.events.findLast(
    ({ event, atMs }) => atMs <= beforeMs && (event.event === 'heard' || event.event === 'received'),
  );
  return heard?.atMs ?? 0;
}

/** The silence that a failure ended. */
function silenceAt(silences: readonly Silence[], atMs: number): Silence | undefined {
  return silences.findLast((candidate) => candidate.fromMs <= atMs && candidate.untilMs >= atMs);
}

/** Nothing was heard for longer than the budget, and the side did not say so. */
function tooLate(attempt: Attempt, place: Place, silence: Silence): Finding[] {
  const budgetMs = attempt.plan.params.deadPeerMs;
  const { tolerance } = attempt;
  const slackMs = tolerance.forBound(budgetMs) + (silence.ownClock ? 0 : place.process.clockErrorMs);
  const latestMs = silence.fromMs + budgetMs + slackMs;
  const brokenMs = Math.min(
    silence.untilMs,
    endedMs(place.side) ?? Number.POSITIVE_INFINITY,
    lastSeenMs(place.process),
  );
  if (brokenMs <= latestMs) return [];
  const window = { fromMs: silence.fromMs, toMs: brokenMs };
  if (!couldRunIn(place.process, window)) return [];
  const silentMs = brokenMs - silence.fromMs;
  const { failed } = place.side;
  const words: Words = {
    expected: `${named(place.side)} reports dead-peer ${inMs(budgetMs)} + ${inMs(slackMs)} tolerance after ${silence.since}`,
    actual:
      failed !== null && failed.atMs === brokenMs
        ? `it failed with ${failed.event.code} ${inMs(silentMs)} after ${silence.since}`
        : `it had reported nothing ${inMs(silentMs)} after ${silence.since}`,
    measured: { valueMs: silentMs, atLeastMs: budgetMs, atMostMs: budgetMs },
    atMs: latestMs,
  };
  const excess = { window, boundMs: budgetMs, excessMs: silentMs - budgetMs };
  if (tolerance.explains(excess)) return [untold('host-stalled', words)];
  // Without the proxy's word, bytes may have come that the side did not tell of.
  return [silence.ownClock && !attempt.wireTold ? brokenUnderFault(words) : broken(words)];
}

function noticed(attempt: Attempt, places: readonly { place: Place; silences: readonly Silence[] }[]): Finding {
  const budgetMs = attempt.plan.params.deadPeerMs;
  const reports = places.flatMap(({ place, silences }) => {
    const { failed } = place.side;
    const silence = failed === null ? undefined : silenceAt(silences, failed.atMs);
    return failed?.event.code === 'dead-peer' && silence !== undefined ? [{ place, failed, silence }] : [];
  });
  const first = reports[0];
  const expected = `a side that hears nothing for ${inMs(budgetMs)} says so`;
  if (first === undefined) return passed({ expected, actual: 'no side that waited heard nothing for that long' });
  const valueMs = first.failed.atMs - first.silence.fromMs;
  return passed({
    expected,
    actual: `${named(first.place.side)} did, ${inMs(valueMs)} after ${first.silence.since}`,
    measured: { valueMs, atLeastMs: budgetMs, atMostMs: budgetMs },
    atMs: first.failed.atMs,
  });
}
