/**
 * Half-close: after one direction ended the other still delivers, and an orderly close delivers what was accepted.
 *
 * Owns what must still happen after an end: the server answers what it got before, the client hears it, and nobody
 * leaves without waiting for the end that the workload asks for, or tells of one that never came.
 */
import { placesOfRole } from './attempt.ts';
import type { Attempt, Place } from './attempt.ts';
import { broken, notChecked, passed } from './finding.ts';
import type { Finding, Invariant } from './finding.ts';
import { reaches } from './last-hop.ts';
import { takenAway } from './process.ts';
import { resetToldAsEnd } from './reset-told.ts';
import type { Side } from './side.ts';
import { endedTooSoon } from './too-soon.ts';
import { towards } from './wire-connection.ts';
import { counted, inMs, named } from './wording.ts';

export const halfClose: Invariant = {
  name: 'half-close',
  statement:
    'After one direction ended the other still delivers; an orderly close delivers what was accepted, or says that it did not.',
  examine,
};

function examine(attempt: Attempt): Finding[] {
  const servers = placesOfRole(attempt, 'server');
  const clients = placesOfRole(attempt, 'client');
  const breaches = [
    ...servers.flatMap((place) => [...unanswered(attempt, place), ...abandoned(attempt, place)]),
    ...[...servers, ...clients].flatMap((place) => [
      ...endedTooSoon(attempt, place),
      ...resetToldAsEnd(attempt, place),
      ...unheard(attempt, place),
      ...leftEarly(attempt, place),
    ]),
  ];
  if (breaches.length > 0) return breaches;
  const ended = [...servers, ...clients].filter(({ side }) => side.eof !== null);
  const looked = ended.filter((place) => tellsOfAll(attempt, place));
  const expected = 'what was accepted before an end arrives';
  if (ended.length === 0) return [notChecked(expected, 'no side was told of an end')];
  if (looked.length === 0)
    return [
      notChecked(expected, `of ${counted(ended.length, 'side')} that saw an end nobody tells all that was accepted`),
    ];
  return [passed({ expected, actual: `it did, at ${counted(looked.length, 'side')} that saw an end` })];
}

/** Whether what a side had to answer or to hear is known, or it said that it did not. */
function tellsOfAll(attempt: Attempt, place: Place): boolean {
  return place.side.failed !== null || owesAnswers(attempt, place) || wholeSender(attempt, place) !== null;
}

function owesAnswers(attempt: Attempt, place: Place): boolean {
  const { side } = place;
  return side.role === 'server' && attempt.ledger.echoes && side.eof !== null && leftInOrder(attempt, place);
}

/** A server that was told of the client's end still answers what it got before. */
function unanswered(attempt: Attempt, place: Place): Finding[] {
  const { side } = place;
  if (side.eof === null || !owesAnswers(attempt, place) || side.sent.length >= side.received.length) return [];
  return [
    broken({
      expected: `${named(side)} answers all ${counted(side.received.length, 'message')} it received before the client's end at ${inMs(side.eof.atMs)}`,
      actual: `it sent ${counted(side.sent.length, 'answer')}, then closed without a failure`,
      atMs: side.closed?.atMs ?? side.eof.atMs,
    }),
  ];
}

/** What is unfinished for so long after the end of input is reset: CONTRACT, Input. */
const GRACE_MS = 2000;

/** A server that was told to end still answers the message that it was at. */
function abandoned(attempt: Attempt, { side, process }: Place): Finding[] {
  const { inputEnded } = process;
  if (!attempt.ledger.echoes || inputEnded === null || takenAway(process)) return [];
  if (side.closed === null || side.failed !== null || side.closed.atMs < inputEnded.atMs) return [];
  const wasReset = side.closed.atMs >= inputEnded.atMs + GRACE_MS - attempt.tolerance.forBound(GRACE_MS);
  if (wasReset || side.sent.length >= side.received.length) return [];
  return [
    broken({
      expected: `${named(side)} answers what it received before it was told to end at ${inMs(inputEnded.atMs)}`,
      actual: `it received ${counted(side.received.length, 'message')}, sent ${counted(side.sent.length, 'answer')} and closed`,
      atMs: side.closed.atMs,
    }),
  ];
}

/** What one side sent and the proxy handed on, the other received before it told of a clean end. */
function unheard(attempt: Attempt, place: Place): Finding[] {
  const { side } = place;
  const other = wholeSender(attempt, place);
  if (other === null || side.eof === null || side.received.length >= other.sent.length) return [];
  return [
    broken({
      expected: `${named(side)} receives all ${counted(other.sent.length, 'message')} that ${named(other)} sent before its end`,
      actual: `it received ${side.received.length} and told of a clean end at ${inMs(side.eof.atMs)}`,
      atMs: side.eof.atMs,
    }),
  ];
}

/** The other side, where the proxy tells that all it sent was handed on, up to the end that this side saw; null: it does not. */
function wholeSender(attempt: Attempt, place: Place): Side | null {
  const { side, connection } = place;
  const other = side.role === 'client' ? connection.server : connection.client;
  if (side.eof === null || !leftInOrder(attempt, place) || !reaches(attempt.plan, side.role)) return null;
  const flow = connection.wire?.[towards(side.role)];
  // The proxy's own cut is no subject's doing: only a stream that ended where its sender ended it counts.
  if (flow?.end?.by !== 'fin' || flow.sendersEnd?.by !== 'fin') return null;
  return attempt.faults.some((view) => view.on(connection) !== null && cuts(view.fault.kind)) ? null : other;
}

function cuts(kind: string): boolean {
  return kind === 'fin' || kind === 'reset' || kind === 'swallow';
}

/** The workload has the side wait for the other's end; it closed without that end and without a failure. */
function leftEarly(attempt: Attempt, place: Place): Finding[] {
  const { side } = place;
  const waits = attempt.plan.workload !== 'connect' || side.role === 'server';
  // A download's server ends first.
  const goesFirst = attempt.plan.workload === 'download' && side.role === 'server';
  if (!waits || goesFirst || side.established === null || side.eof !== null || !leftInOrder(attempt, place)) return [];
  return [
    broken({
      expected: `${named(side)} waits for the other side's end before it closes`,
      actual: `it closed at ${inMs(side.closed?.atMs ?? 0)} with neither an end nor a failure`,
      atMs: side.closed?.atMs ?? null,
    }),
  ];
}

/** Closed of its own accord: neither failed, nor taken away, nor told to end. */
function leftInOrder(attempt: Attempt, { side, process }: Place): boolean {
  if (side.closed === null || side.failed !== null || takenAway(process)) return false;
  const told = [attempt.client, attempt.server].flatMap((own) =>
    own.inputEnded === null ? [] : [own.inputEnded.atMs],
  );
  return told.every((atMs) => atMs >= (side.closed?.atMs ?? 0));
}
