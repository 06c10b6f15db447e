/**
 * What a message becomes when a fault of the plan flips bits of it: the wrong bytes that are then right to receive.
 *
 * Owns the reckoning of delivered `corrupt` faults, payload bytes only: a message with a wrong header is never whole.
 */
import { HEADER_BYTES, TRAILER_BYTES } from '../contract/framing.ts';
import { sha256 } from '../contract/payload.ts';
import type { Direction } from '../scenario/fault.ts';
import { clientSeqs } from './attempt.ts';
import type { Attempt, Place } from './attempt.ts';
import type { DueMessage } from './ledger.ts';
import { towards } from './wire-connection.ts';

/**
 * The message as it stands after the flips that were done to it on its way.
 *
 * @param index its place in its stream
 * @param told whether the side receives it or sends it: an echo carries on what was done to the message itself
 */
export function asCorrupted(
  attempt: Attempt,
  place: Place,
  { due, index, told }: { due: DueMessage; index: number; told: 'received' | 'sending' },
): DueMessage {
  const passed = passedBy(attempt, place, told);
  const flips = attempt.flips.flatMap((view) => {
    const { fault } = view;
    const hit = fault.kind === 'corrupt' && passed.includes(fault.direction) && view.on(place.connection) !== null;
    return hit ? [fault] : [];
  });
  if (flips.length === 0) return due;
  const { ledger } = attempt;
  const bytes = Buffer.from(ledger.payload(due.origin, due.seq, due.form));
  for (const { at, direction, xor } of flips) {
    const ends = ledger.ends(direction, due.origin === 'server' ? ledger.seqs : clientSeqs(attempt, place.connection));
    const offset = at - (ends[index - 1] ?? 0) - HEADER_BYTES[ledger.shape.framing];
    if (offset >= 0 && offset < bytes.length) bytes.writeUInt8((bytes[offset] ?? 0) ^ xor, offset);
  }
  return { ...due, sha256: sha256(bytes) };
}

/** The directions of the wire that a message has passed when a side tells of it. */
function passedBy({ ledger }: Attempt, { side }: Place, told: 'received' | 'sending'): readonly Direction[] {
  const before: readonly Direction[] = ledger.echoes ? ['upstream'] : [];
  if (side.role === 'server') return told === 'received' ? ['upstream'] : before;
  return told === 'received' ? [...before, 'downstream'] : [];
}

/** Whether a flip, or a script, changed where messages end for a side: its stream can then no longer be told by the plan's sizes. */
export function boundariesAreLost(attempt: Attempt, place: Place): boolean {
  if (attempt.scripted !== null) return true;
  if (attempt.flips.length === 0) return false;
  const { framing } = attempt.ledger.shape;
  const direction = towards(place.side.role);
  const ends = [0, ...attempt.ledger.ends(direction, clientSeqs(attempt, place.connection))];
  return attempt.flips.some((view) => {
    const { fault } = view;
    if (fault.kind !== 'corrupt' || fault.direction !== direction || view.on(place.connection) === null) return false;
    const begin = ends.findLast((end) => end <= fault.at) ?? 0;
    const end = ends.find((candidate) => candidate > fault.at) ?? Infinity;
    return fault.at - begin < HEADER_BYTES[framing] || end - fault.at <= TRAILER_BYTES[framing];
  });
}
