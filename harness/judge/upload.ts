/**
 * Integrity of `upload`: the server gets a prefix, the client the digest of exactly that.
 *
 * Owns the workload whose reply is no payload; the others are compared in `integrity.ts`.
 */
import { sha256 } from '../contract/payload.ts';
import type { Attempt, Place } from './attempt.ts';
import { broken } from './finding.ts';
import type { Finding } from './finding.ts';
import type { DueMessage } from './ledger.ts';
import { misdelivery } from './misdelivery.ts';
import { REPLY_BYTES } from './ledger.ts';
import type { EventOf } from './side.ts';
import { inBytes, inMs, named } from './wording.ts';

export function wrongUpload(attempt: Attempt, place: Place): Finding[] {
  const { side, connection } = place;
  const told = side.received[0];
  if (told === undefined || connection.key === null) return [];
  const due = attempt.ledger.message(connection.key, 0, 'original');
  return side.role === 'server' ? notAPrefix(attempt, place, told, due) : notTheDigest(place, told, due);
}

function notAPrefix(attempt: Attempt, place: Place, told: EventOf<'received'>, due: DueMessage): Finding[] {
  const { bytes } = told.event;
  if (bytes <= due.bytes && attempt.ledger.digest(due, bytes) === told.event.sha256) return [];
  return [
    broken({
      expected: `${named(place.side)} receives a prefix of the ${inBytes(due.bytes)} that were sent`,
      actual: `at ${inMs(told.atMs)} it received ${inBytes(bytes)}: ${misdelivery(attempt, place, 0, due)}`,
      atMs: told.atMs,
    }),
  ];
}

/** A reply that a cut shortened, or that tells of a cut upload, is received, then a `mismatch`. */
function notTheDigest({ side, connection }: Place, told: EventOf<'received'>, due: DueMessage): Finding[] {
  const server = connection.server?.received[0]?.event.sha256 ?? due.sha256;
  const reply = Buffer.from(server, 'ascii').subarray(0, told.event.bytes);
  const isRight = told.event.bytes === REPLY_BYTES && server === due.sha256;
  const isOwned = isRight || side.failed?.event.code === 'mismatch' || side.closed === null;
  if (told.event.bytes <= REPLY_BYTES && sha256(reply) === told.event.sha256 && isOwned) return [];
  const expected = `${named(side)} receives the digest of what the server got, ${inBytes(REPLY_BYTES)}, or reports a mismatch`;
  const actual = `at ${inMs(told.atMs)} it received ${inBytes(told.event.bytes)} ${isOwned ? 'that are not that' : 'and reported nothing'}`;
  return [broken({ expected, actual, atMs: told.atMs })];
}
