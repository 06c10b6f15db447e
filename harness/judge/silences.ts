/**
 * The stretches of time in which a side waited to receive and nothing came.
 *
 * Owns when `deadPeerMs` runs for a side: CONTRACT, Deadlines. Judging its length is `detected.ts`.
 */
import type { Attempt, Place } from './attempt.ts';
import { reaches } from './last-hop.ts';
import type { Side } from './side.ts';
import { towards } from './wire-connection.ts';
import type { Flow } from './wire-connection.ts';
import { inMs } from './wording.ts';
import type { Window } from './tolerance.ts';

export interface Silence {
  /** When the last byte came, or the waiting began if that was later. */
  readonly fromMs: number;
  /** What lies at its beginning, in words. */
  readonly since: string;
  /** When the next byte came, or the waiting ended; infinite: neither happened. */
  readonly untilMs: number;
  /** Whether it is known from the side's own stamps alone. */
  readonly ownClock: boolean;
}

export function silencesOf(attempt: Attempt, place: Place): Silence[] {
  const arrivals = arrivalsAt(attempt, place);
  const ownClock = place.connection.wire === null || !reaches(attempt.plan, place.side.role);
  const windows = waitingWindows(attempt, place.side);
  const silences: Silence[] = [];
  let next = 0;
  for (const window of windows) {
    while (next < arrivals.length && (arrivals[next] ?? 0) <= window.fromMs) next += 1;
    let since = { atMs: window.fromMs, words: `it began to wait at ${inMs(window.fromMs)}` };
    while (next < arrivals.length && (arrivals[next] ?? 0) < window.toMs) {
      const atMs = arrivals[next] ?? 0;
      silences.push(silence(since, atMs, ownClock));
      since = { atMs, words: `the last byte at ${inMs(atMs)}` };
      next += 1;
    }
    silences.push(silence(since, window.toMs, ownClock));
  }
  return silences;
}

function silence(since: { atMs: number; words: string }, untilMs: number, ownClock: boolean): Silence {
  return { fromMs: since.atMs, since: since.words, untilMs, ownClock };
}

/** When bytes reached the side's kernel, in order. */
function arrivalsAt({ plan, wireTold }: Attempt, { side, connection }: Place): number[] {
  const flow: Flow | undefined = reaches(plan, side.role) ? connection.wire?.[towards(side.role)] : undefined;
  const told =
    flow !== undefined && wireTold
      ? flow.wrote.map((wrote) => wrote.atMs)
      : side.events
          .filter(({ event }) => event.event === 'received' || event.event === 'heard' || event.event === 'read')
          .map((event) => event.atMs);
  return told.toSorted((one, other) => one - other);
}

/** When a side waits to receive, as far as its events tell. */
function waitingWindows(attempt: Attempt, side: Side): Window[] {
  if (side.established === null) return [];
  const sinceMs = side.established.atMs;
  const untilMs = Math.min(side.eof?.atMs ?? Infinity, side.failed?.atMs ?? Infinity, side.closed?.atMs ?? Infinity);
  if (attempt.plan.workload === 'idle') return windowOf(sinceMs, untilMs);
  return side.role === 'client' ? repliesDue(attempt, side, untilMs) : betweenAnswers(attempt, side, untilMs);
}

function windowOf(fromMs: number, toMs: number): Window[] {
  return fromMs < toMs ? [{ fromMs, toMs }] : [];
}

/** Outside `idle` a client's budget runs only while a reply is due. */
function repliesDue({ plan, ledger }: Attempt, side: Side, untilMs: number): Window[] {
  if (plan.workload === 'download') {
    const lastMs = side.received[ledger.messages - 1]?.atMs ?? Infinity;
    return windowOf(side.sent[0]?.atMs ?? Infinity, Math.min(lastMs, untilMs));
  }
  if (plan.workload === 'upload') return windowOf(side.shutdown?.atMs ?? Infinity, untilMs);
  if (!ledger.echoes) return [];
  const windows = side.sent.map((sent, index) => ({
    fromMs: Math.max(sent.atMs, side.received[index - 1]?.atMs ?? 0),
    toMs: Math.min(side.received[index]?.atMs ?? Infinity, untilMs),
  }));
  return windows.filter((window) => window.fromMs < window.toMs);
}

/** A server always waits, but not while it answers or pauses. */
function betweenAnswers({ plan, ledger }: Attempt, side: Side, untilMs: number): Window[] {
  const acceptedMs = side.established?.atMs ?? 0;
  const startMs = plan.workload === 'slow-reader' ? acceptedMs + plan.params.readPauseMs : acceptedMs;
  if (plan.workload === 'download') return windowOf(startMs, Math.min(side.received[0]?.atMs ?? Infinity, untilMs));
  if (!ledger.echoes) return windowOf(startMs, untilMs);
  const windows: Window[] = [];
  let fromMs = startMs;
  for (const [index, received] of side.received.entries()) {
    windows.push(...windowOf(fromMs, Math.min(received.atMs, untilMs)));
    fromMs = side.sent[index]?.atMs ?? Infinity;
  }
  return [...windows, ...windowOf(fromMs, untilMs)];
}
