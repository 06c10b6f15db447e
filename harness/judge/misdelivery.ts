/**
 * Names a wrong message: torn, lost, doubled, reordered, stale, foreign, corrupted, or bytes of no message at all.
 *
 * Owns what can be told from a length and a digest; a fragment is traced to message and offset.
 */
import { HEADER_BYTES } from '../contract/framing.ts';
import { sha256 } from '../contract/payload.ts';
import { clientSeqs } from './attempt.ts';
import type { Attempt, Place } from './attempt.ts';
import type { DueMessage, Ledger } from './ledger.ts';
import { inBytes } from './wording.ts';

/** A fragment is looked for at this many offsets of a stream at most. */
const MOST_OFFSETS = 16_384;

/** And only one no longer than this: each offset costs a digest of as many bytes. */
const MOST_FRAGMENT_BYTES = 16_384;

/** And in this many messages from the one before the due one on. */
const MOST_MESSAGES = 16;

/**
 * What became of a message that is not the one due.
 *
 * @param index its place among what the side received
 * @param due what should have come; null: nothing more
 */
export function misdelivery(attempt: Attempt, place: Place, index: number, due: DueMessage | null): string {
  const got = place.side.received[index]?.event;
  if (got === undefined) return 'nothing';
  const found = attempt.ledger.recognise(got.sha256);
  if (found !== null) return due === null ? `one too many: ${describe(found)}` : misplaced(place, index, found, due);
  if (due === null) return 'one too many: bytes of no message';
  const torn = tracedFragment(attempt, place, got, due);
  if (torn !== null) return `torn: ${torn}`;
  return got.bytes === due.bytes ? 'corrupted: the right length, but bytes of no message' : 'bytes of no message';
}

/** `message 3 of connection 2, echoed`. */
export function describe({ origin, seq, form }: DueMessage): string {
  const whose = origin === 'server' ? 'the server' : `connection ${origin}`;
  return `message ${seq} of ${whose}${form === 'echo' ? ', echoed' : ''}`;
}

/** A whole message of this run, at the wrong place. */
function misplaced({ side }: Place, index: number, found: DueMessage, due: DueMessage): string {
  if (found.origin !== due.origin) return `foreign: ${describe(found)}`;
  if (found.form !== due.form)
    return `${found.form === 'original' ? 'not echoed' : 'echoed already'}: ${describe(found)}`;
  const digests = side.received.map((told) => told.event.sha256);
  if (digests.indexOf(found.sha256) < index) return `doubled: ${describe(found)} a second time`;
  if (digests.includes(due.sha256, index + 1)) return `reordered: ${describe(found)} came before message ${due.seq}`;
  if (found.seq > due.seq) return `lost: message ${due.seq} is missing, ${describe(found)} came instead`;
  return `stale: ${describe(found)}, which was due before`;
}

/** A run of bytes of the stream as it stands on the wire, headers included; null: it is none. */
function tracedFragment(
  attempt: Attempt,
  place: Place,
  got: { bytes: number; sha256: string },
  due: DueMessage,
): string | null {
  const { ledger } = attempt;
  if (got.bytes < due.bytes && ledger.digest(due, got.bytes) === got.sha256) {
    return `the first ${inBytes(got.bytes)} of message ${due.seq}, the other ${due.bytes - got.bytes} are missing`;
  }
  if (got.bytes === 0 || got.bytes > MOST_FRAGMENT_BYTES) return null;
  const seqs = due.origin === 'server' ? ledger.seqs : clientSeqs(attempt, place.connection);
  const from = Math.max(0, seqs.indexOf(due.seq) - 1);
  const stretch = stretchFrom(ledger, due, seqs.slice(from, from + MOST_MESSAGES));
  const stream = Buffer.concat(stretch.map((message) => message.bytes));
  const last = Math.min(stream.length - got.bytes, MOST_OFFSETS);
  for (let offset = 0; offset <= last; offset += 1) {
    if (sha256(stream.subarray(offset, offset + got.bytes)) !== got.sha256) continue;
    return `the stream from ${nameOffset(stretch, offset)} up to ${nameOffset(stretch, offset + got.bytes)}`;
  }
  return null;
}

/** Messages as they stand on the wire, as many as a fragment can be looked for in. */
function stretchFrom(ledger: Ledger, due: DueMessage, seqs: readonly number[]): { seq: number; bytes: Buffer }[] {
  const stretch: { seq: number; bytes: Buffer }[] = [];
  let length = 0;
  for (const seq of seqs) {
    if (length > MOST_OFFSETS + MOST_FRAGMENT_BYTES) break;
    const bytes = framed(ledger, { ...due, seq });
    stretch.push({ seq, bytes });
    length += bytes.length;
  }
  return stretch;
}

/** `byte 5 of message 3`, header included. */
function nameOffset(stretch: readonly { seq: number; bytes: Buffer }[], offset: number): string {
  let before = 0;
  for (const { seq, bytes } of stretch) {
    if (offset < before + bytes.length) return `byte ${offset - before} of message ${seq}`;
    before += bytes.length;
  }
  return 'its end';
}

/** A message with its header and trailer: CONTRACT, Framing. */
function framed(ledger: Ledger, { origin, seq, form }: DueMessage): Buffer {
  const { framing } = ledger.shape;
  const body = ledger.payload(origin, seq, form);
  const header = Buffer.alloc(HEADER_BYTES[framing]);
  if (framing === 'prefix32') header.writeUInt32BE(body.length);
  if (framing === 'ascii5') header.write(String(body.length).padStart(HEADER_BYTES.ascii5, '0'), 'ascii');
  if (framing === 'typed') header.writeUInt8((seq % 3) + 1);
  return Buffer.concat(framing === 'delimited' ? [body, Buffer.from('\n')] : [header, body]);
}
