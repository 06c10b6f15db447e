/**
 * The payloads that the contract defines, computed by the harness for itself.
 *
 * Owns the expected bytes and digests; it shares no code with any subject, so that one mistake cannot hide in both.
 */
import { hash } from 'node:crypto';

import type { Params } from './params.ts';

const DIGEST_BYTES = 32;

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

/** The payload of message `seq` (from 0) under `key`: CONTRACT, Payloads. */
export function payload(shape: PayloadShape, key: string, seq: number): Buffer {
  const size = payloadBytes(shape, seq);
  if (shape.content === 'zeros') return Buffer.alloc(size);
  const unit = shape.content === 'text' ? DIGEST_BYTES * 2 : DIGEST_BYTES;
  const blocks = Array.from({ length: Math.ceil(size / unit) }, (_, index) => {
    const digest = hash('sha256', `${key}:${seq}:${index}`, 'buffer');
    return shape.content === 'text' ? Buffer.from(digest.toString('hex'), 'ascii') : digest;
  });
  return Buffer.concat(blocks).subarray(0, size);
}

/** The echo of a payload: every byte complemented. */
export function echoOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.map((byte) => byte ^ 0xff));
}

/** SHA-256 as 64 lower-case hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}
