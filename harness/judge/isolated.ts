/**
 * Isolated: connections without a fault keep their latency while others are broken.
 *
 * Owns the answers on connections that no fault touched. Needs the proxy's word on which those are.
 */
import { placesOfRole } from './attempt.ts';
import type { Attempt, Place } from './attempt.ts';
import { brokenUnlessHostStalled, notChecked, passed } from './finding.ts';
import type { Finding, Invariant } from './finding.ts';
import { inMs, named } from './wording.ts';

export const isolated: Invariant = {
  name: 'isolated',
  statement: 'Connections without a fault keep their latency while others are broken.',
  examine,
};

/** An undisturbed answer over loopback takes a few milliseconds; well above what a busy host adds. */
const ANSWER_MS = 200;
/** Programs share their cores among the connections that are open: so much more for each of them. */
const SHARE_MS = 10;

/** One answer that a client waited for. */
interface Answer {
  readonly place: Place;
  readonly seq: number;
  readonly fromMs: number;
  readonly tookMs: number;
}

function examine(attempt: Attempt): Finding[] {
  const places = placesOfRole(attempt, 'client');
  const touched = places.filter((place) => isTouched(attempt, place));
  const { connections, concurrency } = attempt.plan.params;
  const boundMs = ANSWER_MS + SHARE_MS * Math.min(connections, concurrency);
  const expected = `an answer on a connection without a fault takes at most ${inMs(boundMs)}`;
  if (!attempt.wireTold) return [notChecked(expected, 'the proxy does not tell which connections the faults touched')];
  if (touched.length === 0 || touched.length === places.length || !attempt.ledger.echoes) {
    return [notChecked(expected, 'there were no connections with and without a fault side by side')];
  }
  const openedMs = places.flatMap(({ side }) => side.established?.atMs ?? []).toSorted((one, other) => one - other);
  const answers = places.filter((place) => !isTouched(attempt, place)).flatMap((place) => answersOf(place, openedMs));
  if (answers.length === 0) return [notChecked(expected, 'no connection without a fault got an answer')];
  const mostMs = boundMs + attempt.tolerance.forBound(boundMs);
  const slow = answers.filter((answer) => answer.tookMs > mostMs);
  if (slow.length > 0) return slow.map((answer) => late(attempt, answer, { boundMs, expected }));
  const longestMs = answers.reduce((longest, answer) => Math.max(longest, answer.tookMs), 0);
  return [
    passed({
      expected,
      actual: `the slowest of ${answers.length} took ${inMs(longestMs)}`,
      measured: { valueMs: longestMs, atLeastMs: null, atMostMs: boundMs },
    }),
  ];
}

function isTouched({ faults }: Attempt, { connection }: Place): boolean {
  return connection.wire === null || faults.some((view) => view.on(connection) !== null);
}

/**
 * From the sending of each message, or the answer before it, to its own; one that never came is not an answer. Each
 * connection that opens meanwhile takes its share of what both programs are busy with.
 */
function answersOf(place: Place, openedMs: readonly number[]): Answer[] {
  const { sending, received } = place.side;
  return received.map(({ event, atMs }, index) => {
    const askedMs = Math.max(sending[index]?.atMs ?? 0, received[index - 1]?.atMs ?? 0);
    const [before, until] = [countUntil(openedMs, askedMs), countUntil(openedMs, atMs)];
    const lastMs = until > before ? (openedMs[until - 1] ?? askedMs) : askedMs;
    const fromMs = Math.min(askedMs + SHARE_MS * (until - before), lastMs);
    return { place, seq: event.seq, fromMs, tookMs: atMs - fromMs };
  });
}

/** How many of these times, which are in order, are not after an instant: found by halving, as there may be thousands. */
function countUntil(timesMs: readonly number[], atMs: number): number {
  let [least, most] = [0, timesMs.length];
  while (least < most) {
    const middle = Math.floor((least + most) / 2);
    if ((timesMs[middle] ?? Infinity) <= atMs) least = middle + 1;
    else most = middle;
  }
  return least;
}

function late(
  attempt: Attempt,
  { place, seq, fromMs, tookMs }: Answer,
  { boundMs, expected }: { boundMs: number; expected: string },
): Finding {
  const words = {
    expected,
    actual: `answer ${seq} on ${named(place.side)} took ${inMs(tookMs)}`,
    measured: { valueMs: tookMs, atLeastMs: null, atMostMs: boundMs },
    atMs: fromMs + tookMs,
  };
  const window = { fromMs, toMs: fromMs + tookMs };
  return brokenUnlessHostStalled(attempt, { window, boundMs, excessMs: tookMs - boundMs }, words);
}
