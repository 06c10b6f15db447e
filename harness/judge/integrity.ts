/**
 * Integrity: what one side received on a connection is a prefix of what the other sent there.
 *
 * Owns the comparison of every `sending` and `received` with the payloads the contract defines; what a wrong message
 * is called is `misdelivery.ts`. A subject's word on its own bytes is never taken.
 */
import { placesOf } from './attempt.ts';
import type { Attempt, Place } from './attempt.ts';
import { broken, notChecked, passed, untold } from './finding.ts';
import type { Finding, Invariant } from './finding.ts';
import { asCorrupted } from './corruption.ts';
import type { DueMessage } from './ledger.ts';
import { describe, misdelivery } from './misdelivery.ts';
import { takenAway } from './process.ts';
import type { EventOf } from './side.ts';
import { dueFrom, dueTo, messageAt } from './streams.ts';
import type { Stream } from './streams.ts';
import { receivedTooSoon } from './too-soon.ts';
import { unlikeScript } from './scripted-stream.ts';
import { wrongUpload } from './upload.ts';
import { wholeButUnheard } from './whole-but-unheard.ts';
import { counted, inBytes, inMs, named } from './wording.ts';

export const integrity: Invariant = {
  name: 'integrity',
  statement:
    'What one side received on a connection is a prefix of what the other sent there: nothing torn, lost, doubled, reordered, stale or foreign.',
  examine,
};

function examine(attempt: Attempt): Finding[] {
  const places = placesOf(attempt);
  const breaches = places.flatMap((place) => [
    ...wrongReceived(attempt, place),
    ...wrongSending(attempt, place),
    ...neverSent(attempt, place),
    ...wholeButUnheard(attempt, place),
  ]);
  if (breaches.length > 0) return breaches;
  // Who reads wrongly tells of messages and heartbeats that are none: that is said by what they are, where it can be.
  const tooSoon = places.flatMap((place) => receivedTooSoon(attempt, place));
  if (tooSoon.length > 0) return tooSoon;
  const unknown = places.filter((place) => isUnknown(attempt, place));
  if (unknown.length > 0) return unknown.map(({ side }) => untraced(side));
  const messages = places.flatMap(({ side }) => side.received);
  if (messages.length === 0) return [notChecked('messages arrive as they were sent', 'no message was received')];
  const bytes = messages.reduce((sum, told) => sum + told.event.bytes, 0);
  return [
    passed({
      expected: 'each message received is the one that the contract defines at that place',
      actual: `all ${counted(messages.length, 'message')} of ${inBytes(bytes)} are, by their digests`,
    }),
  ];
}

/** Of an upload's one message and of a script's bytes something else is known than where they stand in a stream. */
function isUnknown(attempt: Attempt, place: Place): boolean {
  const isStream = attempt.scripted === null && attempt.plan.workload !== 'upload';
  return isStream && place.side.received.length > 0 && dueTo(attempt, place) === 'unknown';
}

/** What was received where nobody knows who sent it is not compared with anything. */
function untraced(side: Place['side']): Finding {
  return untold('evidence-incomplete', {
    expected: `${named(side)} is one of those that the proxy told of`,
    actual: `which it is nobody told, and it received ${counted(side.received.length, 'message')}`,
    atMs: side.received[0]?.atMs ?? null,
  });
}

type Message = EventOf<'received'> | EventOf<'sending'>;

/** The message at a place of a stream, as the plan's own faults leave it; null: the stream has none there. */
function dueAt(
  attempt: Attempt,
  place: Place,
  { stream, index, told }: { stream: Stream; index: number; told: 'received' | 'sending' },
): DueMessage | null {
  const due = messageAt(attempt, stream, index);
  return due === null ? null : asCorrupted(attempt, place, { due, index, told });
}

function isDue(due: DueMessage | null, told: Message): boolean {
  return due !== null && due.sha256 === told.event.sha256 && due.bytes === told.event.bytes;
}

/** The first message that a side received and should not have. What follows it is its consequence. */
function wrongReceived(attempt: Attempt, place: Place): Finding[] {
  const { side } = place;
  if (attempt.scripted !== null) return unlikeScript(place);
  const stream = dueTo(attempt, place);
  if (attempt.plan.workload === 'upload') return wrongUpload(attempt, place);
  if (stream === 'unknown') return [];
  for (const [index, told] of side.received.entries()) {
    const due = dueAt(attempt, place, { stream, index, told: 'received' });
    if (isDue(due, told) || (due !== null && isCutStream(attempt, place, told, due))) continue;
    const sent = due === null ? 'nothing more' : `the ${inBytes(due.bytes)} of message ${due.seq}`;
    return [
      broken({
        expected: `${named(side)} receives ${sent}, as number ${index}`,
        actual: `at ${inMs(told.atMs)} it received ${inBytes(told.event.bytes)}: ${misdelivery(attempt, place, index, due)}`,
        atMs: told.atMs,
      }),
    ];
  }
  return [];
}

/** Where only the end of the stream ends a message, a cut one cannot be told from a short one: CONTRACT, Framing. */
function isCutStream(attempt: Attempt, { side }: Place, told: EventOf<'received'>, due: DueMessage): boolean {
  if (attempt.ledger.shape.framing !== 'until-end' || told.event.bytes >= due.bytes) return false;
  const cut = attempt.ledger.digest(due, told.event.bytes);
  return cut === told.event.sha256 && (side.role === 'server' || side.failed?.event.code === 'mismatch');
}

/** The first message that is not what the contract has the side send, by its own digest. */
function wrongSending(attempt: Attempt, place: Place): Finding[] {
  const { side } = place;
  const stream = dueFrom(attempt, place);
  // A server that heard wrongly answers wrongly: that is told once, where it heard.
  const echoesCut = side.role === 'server' && attempt.ledger.shape.framing === 'until-end';
  const answersScript = side.role === 'server' && attempt.scripted !== null;
  if (stream === 'unknown' || echoesCut || answersScript) return [];
  for (const [index, told] of side.sending.entries()) {
    const due = dueAt(attempt, place, { stream, index, told: 'sending' });
    if (isDue(due, told)) continue;
    const found = attempt.ledger.recognise(told.event.sha256);
    return [
      broken({
        expected: `${named(side)} sends ${due === null ? 'nothing more' : `the ${inBytes(due.bytes)} of message ${due.seq}`}, as number ${index}`,
        actual: `at ${inMs(told.atMs)} it sent ${inBytes(told.event.bytes)}: ${found === null ? 'bytes of no message' : describe(found)}`,
        atMs: told.atMs,
      }),
    ];
  }
  return [];
}

/** More was received than the other side said it had begun to send; of one that was killed the last lines may be lost. */
function neverSent(attempt: Attempt, { side, connection }: Place): Finding[] {
  const other = side.role === 'client' ? connection.server : connection.client;
  if (other === null || takenAway(attempt[other.role])) return [];
  const begun = Math.max(other.sending.length, untoldReplies(attempt, other));
  if (side.received.length <= begun) return [];
  return [
    broken({
      expected: `${named(side)} receives at most the ${counted(begun, 'message')} that ${named(other)} began to send`,
      actual: `it received ${side.received.length}`,
      atMs: side.received[begun]?.atMs ?? null,
    }),
  ];
}

/** An upload's reply is no message of the contract: a server need not tell of it as one, as in `completion.ts`. */
function untoldReplies({ plan }: Attempt, { role }: Place['side']): number {
  return plan.workload === 'upload' && role === 'server' ? 1 : 0;
}
