/**
 * How many bytes a message takes on the wire in each framing: what turns "inside message 3" into a byte offset.
 *
 * Owns sizes only; encoding and decoding belong to the subjects.
 */
import { payloadBytes } from './payload.ts';
import type { PayloadShape } from './payload.ts';
import type { Framing } from './words.ts';

/** Bytes before the payload. */
export const HEADER_BYTES: Readonly<Record<Framing, number>> = {
  fixed: 0,
  delimited: 0,
  prefix32: 4,
  ascii5: 5,
  typed: 1,
  'until-end': 0,
};

/** Bytes after the payload: the LF of `delimited`. */
export const TRAILER_BYTES: Readonly<Record<Framing, number>> = {
  fixed: 0,
  delimited: 1,
  prefix32: 0,
  ascii5: 0,
  typed: 0,
  'until-end': 0,
};

/** Bytes of message `seq` (from 0) on the wire, header and trailer included. */
export function wireBytes(shape: PayloadShape, seq: number): number {
  return HEADER_BYTES[shape.framing] + payloadBytes(shape, seq) + TRAILER_BYTES[shape.framing];
}

/** Offset in its direction's stream at which message `seq` (from 0) begins, heartbeats not counted. */
export function messageOffset(shape: PayloadShape, seq: number): number {
  let offset = 0;
  for (let before = 0; before < seq; before += 1) offset += wireBytes(shape, before);
  return offset;
}
