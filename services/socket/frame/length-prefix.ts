/**
 * Messages that begin with their length as a binary integer. `prefix32` is the form with four bytes in network order.
 *
 * (HOWTO, "Using a Socket": "indicate how long they are (much better)"; "Binary Data" for the order of the bytes.)
 */
import { checkBytes, FrameError } from './decoder.ts';
import { HeadedDecoder, type Header } from './headed.ts';

/** The integer that holds the length. */
export interface LengthPrefix {
  /** Width of the integer in bytes. Six bytes hold every size that a program can have. */
  readonly width: 1 | 2 | 3 | 4 | 5 | 6;
  readonly byteOrder: 'big-endian' | 'little-endian';
}

/** Four bytes in network order. */
export const PREFIX32: LengthPrefix = { width: 4, byteOrder: 'big-endian' };

function checkPrefix({ width, byteOrder }: LengthPrefix): void {
  if (!Number.isInteger(width) || width < 1 || width > 6) {
    throw new FrameError('local', 'malformed', `a prefix has 1 to 6 bytes, not ${String(width)}`);
  }
  if (byteOrder === 'big-endian' || byteOrder === 'little-endian') return;
  throw new FrameError('local', 'malformed', `the order is big-endian or little-endian, not ${String(byteOrder)}`);
}

/** The positions of the integer's bytes, most significant first. */
function positions({ width, byteOrder }: LengthPrefix): number[] {
  const ascending = Array.from({ length: width }, (_, index) => index);
  return byteOrder === 'big-endian' ? ascending : ascending.toReversed();
}

function headerOf(prefix: LengthPrefix): Header<Uint8Array> {
  const order = positions(prefix);
  return {
    bytes: prefix.width,
    payloadBytes: (header) => order.reduce((length, index) => length * 256 + (header[index] ?? 0), 0),
    message: (_header, payload) => payload,
  };
}

/** A decoder of messages with payloads of at most `maxBytes` bytes. An empty payload is a message like any other. */
export function lengthPrefixDecoder(prefix: LengthPrefix, maxBytes: number): HeadedDecoder<Uint8Array> {
  checkPrefix(prefix);
  return new HeadedDecoder(headerOf(prefix), maxBytes);
}

/**
 * The message as it goes on the wire.
 *
 * @throws FrameError `too-large`: the length does not fit the prefix
 */
export function encodeLengthPrefix(prefix: LengthPrefix, payload: Uint8Array): Uint8Array {
  checkPrefix(prefix);
  checkBytes(payload);
  const largest = 256 ** prefix.width - 1;
  if (payload.length > largest) {
    throw new FrameError('local', 'too-large', `${payload.length} bytes do not fit a prefix that counts to ${largest}`);
  }
  const wire = new Uint8Array(prefix.width + payload.length);
  let rest = payload.length;
  for (const index of positions(prefix).toReversed()) {
    wire[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  wire.set(payload, prefix.width);
  return wire;
}
