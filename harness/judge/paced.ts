/**
 * Paced: attempts to reconnect follow the backoff, with jitter, and no more of them than the workload allows.
 *
 * Owns the pauses between a client's attempts: CONTRACT, Parameters, `retries` and `backoffMs`.
 */
import { placesOfRole } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { broken, brokenUnlessHostStalled, notChecked, passed } from './finding.ts';
import type { Finding, Invariant } from './finding.ts';
import { couldRunIn } from './process.ts';
import { endedMs } from './side.ts';
import type { Side } from './side.ts';
import { counted, inMs, named } from './wording.ts';

export const paced: Invariant = {
  name: 'paced',
  statement: 'Attempts to reconnect follow the backoff, with jitter, and are no more than the workload allows.',
  examine,
};

/** The bound of a pause doubles up to this. CONTRACT, Parameters. */
const MOST_BACKOFF_MS = 2000;

/** So many pauses are needed to tell chance from its absence. */
const PAUSES_FOR_JITTER = 8;
/** Even draws lie as near together as is held against them once in a million times. */
const BY_CHANCE = 1e-6;
/** Who draws from the upper half of the bound alone is spread all the same. */
const MOST_ASKED_SPREAD = 0.4;

/** A bound shorter than this is lost in the time a process takes to act on it. */
const LEAST_BOUND_MS = 20;

/** A client may load what it needs for a retry; well above that on a host that is fit to judge on. What storms is early, not late. */
const ACTS_WITHIN_MS = 300;

/** One pause before a retry. */
export interface Pause {
  /** The attempt that follows it. */
  readonly side: Side;
  /** Which retry it is, from 1, counted anew after each answer. */
  readonly retry: number;
  readonly pausedMs: number;
  /** It is drawn from 0 up to this. */
  readonly boundMs: number;
}

function examine(attempt: Attempt): Finding[] {
  if (attempt.plan.workload !== 'reconnect')
    return [notChecked('retries are paced', 'the workload does not reconnect')];
  const overlaps = sideBySide(attempt);
  if (overlaps.length > 0) return overlaps;
  const pauses = pausesOf(attempt);
  const early = gaveUpEarly(attempt, pauses);
  if (early.length > 0) return early;
  if (pauses.length === 0) return [notChecked('retries are paced', 'nothing was tried again')];
  const breaches = [
    ...pauses.flatMap((pause) => tooLong(attempt, pause)),
    ...pauses.flatMap((pause) => tooMany(attempt, pause)),
    ...(withoutJitter(pauses) ?? inStep(pauses) ?? []),
  ];
  if (breaches.length > 0) return breaches;
  const longest = pauses.reduce((most, pause) => (pause.pausedMs > most.pausedMs ? pause : most));
  return [
    passed({
      expected: 'each pause before a retry is drawn from 0 up to its bound',
      actual: `${counted(pauses.length, 'pause')}; the longest ${inMs(longest.pausedMs)} of ${inMs(longest.boundMs)}`,
      measured: { valueMs: longest.pausedMs, atLeastMs: 0, atMostMs: longest.boundMs },
      atMs: longest.side.connecting?.atMs ?? null,
    }),
  ];
}

/** The pauses of every client that tried again, in order. */
export function pausesOf(attempt: Attempt): Pause[] {
  const byKey = Map.groupBy(placesOfRole(attempt, 'client'), ({ side }) => side.key);
  return [...byKey.values()].flatMap((places) => {
    let retry = 0;
    return places.flatMap(({ side }, index): Pause[] => {
      const before = places[index - 1]?.side;
      if (before === undefined || before.closed === null || side.connecting === null) return [];
      retry = before.received.length > 0 ? 1 : retry + 1;
      return [{ side, retry, pausedMs: side.connecting.atMs - before.closed.atMs, boundMs: boundOf(attempt, retry) }];
    });
  });
}

/** The bound of the pause before a retry. */
export function boundOf({ plan }: Attempt, retry: number): number {
  return Math.min(MOST_BACKOFF_MS, plan.params.backoffMs * 2 ** (retry - 1));
}

/** A client that goes on with a message has given up the connection before. */
function sideBySide(attempt: Attempt): Finding[] {
  const byKey = Map.groupBy(placesOfRole(attempt, 'client'), ({ side }) => side.key);
  return [...byKey].flatMap(([key, places]) => {
    const second = places.find(({ side }, index) => {
      const before = places[index - 1]?.side;
      return before !== undefined && (side.connecting?.atMs ?? Infinity) < (endedMs(before) ?? Infinity);
    });
    if (second === undefined) return [];
    const atMs = second.side.connecting?.atMs ?? null;
    return [
      broken({
        expected: `the client makes one connection at a time for its messages of key ${key ?? 0}`,
        actual: `${named(second.side)} was begun at ${inMs(atMs ?? 0)}, while the one before it had neither failed nor been closed`,
        atMs,
      }),
    ];
  });
}

function tooLong(attempt: Attempt, { side, retry, pausedMs, boundMs }: Pause): Finding[] {
  if (pausedMs <= boundMs + ACTS_WITHIN_MS) return [];
  const atMs = side.connecting?.atMs ?? 0;
  if (!couldRunIn(attempt.client, { fromMs: atMs - pausedMs, toMs: atMs })) return [];
  const words = {
    expected: `${named(side)}, retry ${retry}, begins at most ${inMs(boundMs)} after the attempt before it was closed`,
    actual: `it began ${inMs(pausedMs)} after`,
    measured: { valueMs: pausedMs, atLeastMs: 0, atMostMs: boundMs },
    atMs,
  };
  const excess = { window: { fromMs: atMs - pausedMs, toMs: atMs }, boundMs, excessMs: pausedMs - boundMs };
  return [brokenUnlessHostStalled(attempt, excess, words)];
}

function tooMany({ plan }: Attempt, { side, retry }: Pause): Finding[] {
  if (retry !== plan.params.retries + 1) return [];
  return [
    broken({
      expected: `at most ${counted(plan.params.retries, 'attempt')} after the first, or after an answer`,
      actual: `${named(side)} is one more, at ${inMs(side.connecting?.atMs ?? 0)}`,
      atMs: side.connecting?.atMs ?? null,
    }),
  ];
}

/** A client that is done with a key has all its answers, or has used up its retries. */
function gaveUpEarly(attempt: Attempt, pauses: readonly Pause[]): Finding[] {
  const { client, ledger, plan } = attempt;
  const done = client.events.find(({ event }) => event.event === 'done');
  if (done === undefined || (client.inputEnded?.atMs ?? Infinity) <= done.atMs) return [];
  const byKey = Map.groupBy(placesOfRole(attempt, 'client'), ({ side }) => side.key);
  return [...byKey.values()].flatMap((places) => {
    const last = places.at(-1)?.side;
    const answers = places.reduce((sum, { side }) => sum + side.received.length, 0);
    if (last === undefined || last.failed === null || answers >= ledger.messages) return [];
    const used = last.received.length > 0 ? 0 : (pauses.find(({ side }) => side === last)?.retry ?? 0);
    if (used >= plan.params.retries) return [];
    return [
      broken({
        expected: `the client tries again after ${named(last)}: ${counted(plan.params.retries - used, 'attempt')} may follow`,
        actual: `it was done at ${inMs(done.atMs)}, with ${answers} of ${counted(ledger.messages, 'answer')}`,
        atMs: done.atMs,
      }),
    ];
  });
}

/** Pauses that are all the same part of their bounds were not drawn by chance. */
function withoutJitter(pauses: readonly Pause[]): Finding[] | null {
  const drawn = drawnOf(pauses);
  if (drawn.length < PAUSES_FOR_JITTER) return null;
  const parts = drawn.map((pause) => pause.pausedMs / pause.boundMs);
  const [least, most] = [Math.min(...parts), Math.max(...parts)];
  if (most - least >= leastSpread(drawn.length)) return null;
  return [
    broken({
      expected: 'pauses are spread by chance between 0 and their bounds',
      actual: `all ${drawn.length} lie between ${Math.round(least * 100)} and ${Math.round(most * 100)} % of them`,
      atMs: drawn[0]?.side.connecting?.atMs ?? null,
    }),
  ];
}

/** Nor were pauses that are all as long as one another, whatever their bounds. */
function inStep(pauses: readonly Pause[]): Finding[] | null {
  const drawn = drawnOf(pauses);
  if (drawn.length < PAUSES_FOR_JITTER) return null;
  const lengths = drawn.map(({ pausedMs }) => pausedMs);
  const [leastMs, mostMs] = [Math.min(...lengths), Math.max(...lengths)];
  if (chanceWithin(Math.max(1, mostMs - leastMs), drawn) >= BY_CHANCE) return null;
  return [
    broken({
      expected: 'pauses are spread by chance between 0 and their bounds',
      actual: `all ${drawn.length} took between ${inMs(leastMs)} and ${inMs(mostMs)}, whatever their bounds`,
      atMs: drawn[0]?.side.connecting?.atMs ?? null,
    }),
  ];
}

/** The most that the chance can be that even draws lie within such a stretch: it begins at one of them, and the others are in it. */
function chanceWithin(stretchMs: number, drawn: readonly Pause[]): number {
  const [, ...others] = drawn.map(({ boundMs }) => boundMs).toSorted((one, other) => one - other);
  return others.reduce((chance, boundMs) => chance * Math.min(1, stretchMs / boundMs), drawn.length);
}

function drawnOf(pauses: readonly Pause[]): Pause[] {
  return pauses.filter(({ boundMs }) => boundMs >= LEAST_BOUND_MS);
}

/** Of `count` even draws from 0 to 1 all lie within a stretch of `s` with a chance of less than `count * s ** (count - 1)`. */
function leastSpread(count: number): number {
  return Math.min(MOST_ASKED_SPREAD, (BY_CHANCE / count) ** (1 / (count - 1)));
}
