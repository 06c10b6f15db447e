/**
 * The payloads that the contract defines, computed by the harness for itself.
 *
 * Owns the expected bytes and digests; it shares no code with any subject, so that one mistake cannot hide in both.
 */
import { createHash, hash } from 'node:crypto';

import type { Params } from './params.ts';

const DIGEST_BYTES = 32;

/** Of a payload this much is made at a time: a multiple of what a block takes, in hexadecimal too. */
const PIECE_BYTES = 64 * 1024;

/** Payload sizes of the framing `typed`, by type: message `seq` has type `seq mod 3 + 1`. */
const TYPED_BYTES = [16, 256, 4096] as const;

/** The part of the parameters that fixes a payload. */
export type PayloadShape = Pick<Params, 'content' | 'framing' | 'messageBytes'>;

/**
 * The key of the messages a client originates on its connection `c` (from 1), or a server on any (`download`).
 *
 * @param seed the `seed` parameter
 * @param origin the client's connection number, or `'server'`
 */
export function payloadKey(seed: string, origin: number | 'server'): string {
  return origin === 'server' ? `${seed}/s` : `${seed}/${origin}`;
}

/** Payload bytes of message `seq` (from 0). */
export function payloadBytes(shape: PayloadShape, seq: number): number {
  return shape.framing === 'typed' ? (TYPED_BYTES[seq % 3] ?? TYPED_BYTES[0]) : shape.messageBytes;
}

/**
 * The payload of message `seq` (from 0) under `key`, in pieces, so that a large one is never there as a whole: CONTRACT,
 * Payloads.
 *
 * @param mostBytes of its beginning, which does not depend on its length
 */
export function* payloadPieces(
  shape: PayloadShape,
  key: string,
  seq: number,
  mostBytes: number = Number.POSITIVE_INFINITY,
): Generator<Buffer, void, undefined> {
  const size = Math.min(payloadBytes(shape, seq), mostBytes);
  for (let offset = 0; offset < size; offset += PIECE_BYTES) {
    const piece = Buffer.alloc(Math.min(PIECE_BYTES, size - offset));
    if (shape.content !== 'zeros') fill(piece, shape.content, `${key}:${seq}`, offset);
    yield piece;
  }
}

/** Writes the digests that stand from an offset on; `offset` is where one begins. */
function fill(piece: Buffer, content: 'bytes' | 'text', name: string, offset: number): void {
  const unit = content === 'text' ? DIGEST_BYTES * 2 : DIGEST_BYTES;
  for (let at = 0; at < piece.length; at += unit) {
    const block = `${name}:${(offset + at) / unit}`;
    if (content === 'text') piece.write(hash('sha256', block, 'hex'), at, 'ascii');
    else hash('sha256', block, 'buffer').copy(piece, at);
  }
}

/** The whole payload of message `seq` (from 0) under `key`. */
export function payload(shape: PayloadShape, key: string, seq: number): Buffer {
  return Buffer.concat([...payloadPieces(shape, key, seq)], payloadBytes(shape, seq));
}

/** The echo of a payload: every byte complemented. */
export function echoOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.map((byte) => byte ^ 0xff));
}

/** SHA-256 as 64 lower-case hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/** SHA-256 of all pieces, one after the other. */
export function sha256Of(pieces: Iterable<Uint8Array>): string {
  const digest = createHash('sha256');
  for (const piece of pieces) digest.update(piece);
  return digest.digest('hex');
}
