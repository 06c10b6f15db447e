/**
 * Messages, heartbeats and ends that a side told of before they can have reached it.
 *
 * Owns the one order of proxy and subject that no host can turn round: a line about bytes comes after the proxy gave these
 * bytes to its kernel, or, where the kernel may take them piece by piece, after it read them. Compared is when a line came;
 * its stamp only where that is far too early for any clock.
 */
import type { TimedEvent } from '../evidence/clock.ts';
import type { Attempt, Place } from './attempt.ts';
import { boundariesAreLost } from './corruption.ts';
import { broken } from './finding.ts';
import type { Finding } from './finding.ts';
import { reaches } from './last-hop.ts';
import { couldRunIn } from './process.ts';
import { endsTo } from './streams.ts';
import type { Flow } from './wire-connection.ts';
import { handedOnMs, isAlone, readMs, towards } from './wire-connection.ts';
import { inMs, named } from './wording.ts';

/** The first message or heartbeat whose last byte came later than the word of it. */
export function receivedTooSoon(attempt: Attempt, place: Place): Finding[] {
  const { side } = place;
  const flow = flowTo(attempt, place);
  if (flow === null || attempt.scripted !== null || boundariesAreLost(attempt, place)) return [];
  // There only the end makes a message whole.
  if (attempt.ledger.shape.framing === 'until-end') return tooSoon(attempt, place, side.received[0], endOf(flow));
  const ends = endsTo(attempt, place);
  const byteMs = byteOf(attempt, place, flow);
  let [messages, heartbeats] = [0, 0];
  for (const told of side.events) {
    if (told.event.event === 'received') messages += 1;
    else if (told.event.event === 'heard') heartbeats += 1;
    else continue;
    const bytes = (ends[Math.min(messages, ends.length) - 1] ?? 0) + heartbeats * attempt.ledger.heartbeatBytes;
    const breach =
      bytes === 0 ? [] : tooSoon(attempt, place, told, { what: `byte ${bytes - 1}`, atMs: byteMs(bytes - 1) });
    if (breach.length > 0) return breach;
  }
  return [];
}

/** An end that was told before the proxy had ended that direction. */
export function endedTooSoon(attempt: Attempt, place: Place): Finding[] {
  const flow = flowTo(attempt, place);
  return flow === null ? [] : tooSoon(attempt, place, place.side.eof ?? undefined, endOf(flow));
}

/** Something that the proxy hands on, and the earliest instant at which that can have been. */
interface HandedOn {
  readonly what: string;
  /** null: it never was. */
  readonly atMs: number | null;
}

/** What the proxy tells of the direction towards a side; null: it tells nothing, or not what reached that side. */
export function flowTo({ plan, wireTold, connections }: Attempt, { side, connection }: Place): Flow | null {
  const { wire } = connection;
  if (wire === null || !wireTold || !reaches(plan, side.role) || !isAlone(connections, wire)) return null;
  return wire[towards(side.role)];
}

/** Beyond these a kernel may take what it is given in pieces, and the proxy tells of it when the last one is gone. */
const TAKEN_AT_ONCE_BYTES = 16_384;
const TAKEN_AT_ONCE_WRITES = 64;

/** When each byte can have been handed on at the earliest; null: it never was. */
function byteOf({ plan }: Attempt, { connection }: Place, flow: Flow): (offset: number) => number | null {
  const bytes = flow.read.reduce((most, told) => Math.max(most, told.offset + told.bytes), flow.writtenBytes);
  const isStamped = bytes <= TAKEN_AT_ONCE_BYTES && flow.wrote.length <= TAKEN_AT_ONCE_WRITES;
  if (!isWhole(isStamped ? flow.wrote : flow.read)) return () => 0;
  // A recorder beside another proxy does not say that it told everything, nor does a story without an end.
  const never = plan.proxy === 'wire' && connection.wire?.closedMs !== null ? null : 0;
  return (offset) => (isStamped ? handedOnMs(flow, offset) : readMs(flow, offset)) ?? never;
}

/** Whether no byte in between is missing: of a story with holes nothing follows. */
function isWhole(passages: Flow['read' | 'wrote']): boolean {
  let bytes = 0;
  for (const told of passages) {
    if (told.offset !== bytes) return false;
    bytes += told.bytes;
  }
  return true;
}

/** A proxy that closes its sockets ends both directions without a word. */
function endOf({ end }: Flow): HandedOn {
  return { what: 'the end', atMs: end?.atMs ?? 0 };
}

/** A process may take the time once for all that it does in one go. */
const STAMP_MS = 100;

function tooSoon(attempt: Attempt, place: Place, told: TimedEvent | undefined, given: HandedOn): Finding[] {
  if (told === undefined) return [];
  const { side } = place;
  const givenMs = given.atMs ?? Infinity;
  const isSooner = told.arrivedMs + attempt.wireErrorMs < givenMs;
  if (!isSooner && !isStampedTooSoon(attempt, place, told, givenMs)) return [];
  const handed = given.atMs === null ? 'the proxy never handed that on' : `the proxy had that only at ${inMs(givenMs)}`;
  return [
    broken({
      expected: `${named(side)} tells of ${told.event.event} once ${given.what} on the way to it was handed on`,
      actual: `it told of it at ${inMs(told.atMs)}, in a line that came at ${inMs(told.arrivedMs)}; ${handed}`,
      atMs: told.atMs,
    }),
  ];
}

/** Lines that are late hide nothing where their stamps are impossible by themselves. */
function isStampedTooSoon(attempt: Attempt, { process }: Place, { atMs }: TimedEvent, givenMs: number): boolean {
  // All of a clock may be early by as much as every line of its process seemed to be late.
  const latestMs = atMs + process.leastDelayMs + process.clockErrorMs + attempt.wireErrorMs;
  const excessMs = givenMs - latestMs - STAMP_MS;
  const window = { fromMs: atMs, toMs: givenMs };
  if (excessMs <= 0 || !couldRunIn(process, window)) return false;
  return !attempt.tolerance.explains({ window, boundMs: STAMP_MS, excessMs });
}
