/**
 * The framing `ascii5`: the length as five ASCII digits, then the payload.
 *
 * (HOWTO, "Using a Socket": "as 5 numeric characters … you may not get all 5 characters in one recv".)
 */
import { checkBytes, FrameError } from './decoder.ts';
import { HeadedDecoder, type Header } from './headed.ts';

const DIGITS = 5;
const ZERO = 0x30;

/** The longest payload whose length fits five digits. */
export const LONGEST_ASCII5_BYTES = 99_999;

function lengthOf(header: Uint8Array): number {
  let length = 0;
  for (const byte of header) {
    const digit = byte - ZERO;
    if (digit < 0 || digit > 9) {
      const found = Array.from(header, (each) => each.toString(16).padStart(2, '0')).join(' ');
      throw new FrameError('remote', 'malformed', `the peer's header is not five digits: ${found}`);
    }
    length = length * 10 + digit;
  }
  return length;
}

const HEADER: Header<Uint8Array> = {
  bytes: DIGITS,
  payloadBytes: lengthOf,
  message: (_header, payload) => payload,
};

/** A decoder of messages with payloads of at most `maxBytes` bytes. */
export function ascii5Decoder(maxBytes: number): HeadedDecoder<Uint8Array> {
  return new HeadedDecoder(HEADER, maxBytes);
}

/**
 * The message as it goes on the wire.
 *
 * @throws FrameError `too-large`: the length has more than five digits
 */
export function encodeAscii5(payload: Uint8Array): Uint8Array {
  checkBytes(payload);
  if (payload.length > LONGEST_ASCII5_BYTES) {
    throw new FrameError('local', 'too-large', `${payload.length} bytes have a length of more than five digits`);
  }
  const wire = new Uint8Array(DIGITS + payload.length);
  wire.set(new TextEncoder().encode(String(payload.length).padStart(DIGITS, '0')));
  wire.set(payload, DIGITS);
  return wire;
}
