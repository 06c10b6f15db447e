/**
 * The instants that a scenario's bounds count from, on one connection.
 *
 * Owns the finding of a mark in the evidence, as a span: upper bounds count from its latest instant, lower from its earliest.
 */
import type { Mark } from '../scenario/expectation.ts';
import type { Attempt, Place } from './attempt.ts';
import type { Span } from './fault-effects.ts';
import { reaches } from './last-hop.ts';
import { lastByteMs } from './wire-connection.ts';
import { inMs } from './wording.ts';

export interface Marked {
  readonly span: Span;
  /** `the fin (f1)`. */
  readonly what: string;
  /** Whether it stands on the same clock as the side that is judged. */
  readonly ownClock: boolean;
}

/** @param beforeMs only what came before it counts: a mark is never later than what is measured from it */
export function findMark(attempt: Attempt, place: Place, mark: Mark, beforeMs: number): Marked | null {
  if (mark.mark === 'fault') return faultMark(attempt, place, mark.index);
  if (mark.mark === 'event') return eventMark(place, mark);
  return lastByteMark(attempt, place, mark.direction, beforeMs);
}

/** The first effect on this connection of any planned fault that the scenario's fault became. */
function faultMark(attempt: Attempt, place: Place, index: number | null): Marked | null {
  const ids = index === null ? null : (attempt.plan.scenarioFaults[index] ?? []);
  const views = attempt.faults.filter((view) => ids?.includes(view.fault.id) ?? true);
  const spans = views.flatMap((view) => view.on(place.connection) ?? []);
  const first = spans.toSorted((one, other) => one.earliestMs - other.earliestMs)[0];
  if (first === undefined) return null;
  return { span: first, what: `the ${views[0]?.fault.kind ?? 'fault'} at ${inMs(first.latestMs)}`, ownClock: false };
}

function eventMark({ connection, side }: Place, mark: Extract<Mark, { mark: 'event' }>): Marked | null {
  const told = connection[mark.role]?.events.filter(({ event }) => event.event === mark.event) ?? [];
  const { seq } = mark;
  const found = seq === undefined ? told[0] : told.find(({ event }) => 'seq' in event && event.seq === seq);
  if (found === undefined) return null;
  const number = seq === undefined ? '' : ` of message ${seq}`;
  const span = { earliestMs: found.atMs, latestMs: found.atMs };
  return {
    span,
    what: `the ${mark.role}'s ${mark.event}${number} at ${inMs(found.atMs)}`,
    ownClock: mark.role === side.role,
  };
}

/** Where the proxy tells nothing, the last thing the receiver heard stands for the last byte. */
function lastByteMark(
  attempt: Attempt,
  { connection }: Place,
  direction: 'upstream' | 'downstream',
  beforeMs: number,
): Marked | null {
  const reached = reaches(attempt.plan, direction === 'upstream' ? 'server' : 'client');
  const flow = reached ? connection.wire?.[direction] : undefined;
  const receiver = direction === 'upstream' ? connection.server : connection.client;
  const heard = receiver?.events.findLast(
    ({ event, atMs }) =>
      atMs <= beforeMs && (event.event === 'received' || event.event === 'heard' || event.event === 'read'),
  );
  const atMs = flow !== undefined && attempt.wireTold ? lastByteMs(flow, beforeMs) : (heard?.atMs ?? null);
  if (atMs === null) return null;
  return {
    span: { earliestMs: atMs, latestMs: atMs },
    what: `the last byte ${direction} at ${inMs(atMs)}`,
    ownClock: false,
  };
}
