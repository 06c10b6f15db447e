/**
 * Where a run of bytes, known by its length and digest, stands in a stream of messages as it was on the wire.
 *
 * Owns the search and its limits; which streams are searched, and what a find is called, is `misdelivery.ts`.
 */
import { HEADER_BYTES } from '../contract/framing.ts';
import { sha256 } from '../contract/payload.ts';
import type { DueMessage, Ledger } from './ledger.ts';

/** Looked for at this many offsets of a stream at most. */
const MOST_OFFSETS = 16_384;

/** And only a run no longer than this: each offset costs a digest of as many bytes. */
const MOST_FRAGMENT_BYTES = 16_384;

/** Whose messages a stream carries, and how. */
type Whose = Pick<DueMessage, 'origin' | 'form'>;

/** `from byte 5 of message 3 up to byte 0 of message 4`, headers included; null: it is not there. */
export function tracedIn(
  ledger: Ledger,
  whose: Whose,
  seqs: readonly number[],
  { bytes, sha256: digest }: Pick<DueMessage, 'bytes' | 'sha256'>,
): string | null {
  if (bytes === 0 || bytes > MOST_FRAGMENT_BYTES) return null;
  const stretch = stretchOf(ledger, whose, seqs);
  const stream = Buffer.concat(stretch.map((message) => message.bytes));
  const last = Math.min(stream.length - bytes, MOST_OFFSETS);
  for (let offset = 0; offset <= last; offset += 1) {
    if (sha256(stream.subarray(offset, offset + bytes)) !== digest) continue;
    return `from ${nameOffset(stretch, offset)} up to ${nameOffset(stretch, offset + bytes)}`;
  }
  return null;
}

/** Messages as they stand on the wire, as many as a fragment can be looked for in. */
function stretchOf(ledger: Ledger, whose: Whose, seqs: readonly number[]): { seq: number; bytes: Buffer }[] {
  const stretch: { seq: number; bytes: Buffer }[] = [];
  let length = 0;
  for (const seq of seqs) {
    if (length > MOST_OFFSETS + MOST_FRAGMENT_BYTES) break;
    const bytes = framed(ledger, whose, seq);
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
function framed(ledger: Ledger, { origin, form }: Whose, seq: number): Buffer {
  const { framing } = ledger.shape;
  const body = ledger.payload(origin, seq, form);
  const header = Buffer.alloc(HEADER_BYTES[framing]);
  if (framing === 'prefix32') header.writeUInt32BE(body.length);
  if (framing === 'ascii5') header.write(String(body.length).padStart(HEADER_BYTES.ascii5, '0'), 'ascii');
  if (framing === 'typed') header.writeUInt8((seq % 3) + 1);
  return Buffer.concat(framing === 'delimited' ? [body, Buffer.from('\n')] : [header, body]);
}
