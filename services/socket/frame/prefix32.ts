/** The framing `prefix32`: a length of four bytes in network order, then the payload. */
import { encodeLengthPrefix, lengthPrefixDecoder, PREFIX32 } from './length-prefix.ts';
import type { HeadedDecoder } from './headed.ts';

/** A decoder of messages with payloads of at most `maxBytes` bytes. */
export function prefix32Decoder(maxBytes: number): HeadedDecoder<Uint8Array> {
  return lengthPrefixDecoder(PREFIX32, maxBytes);
}

/** The message as it goes on the wire. */
export function encodePrefix32(payload: Uint8Array): Uint8Array {
  return encodeLengthPrefix(PREFIX32, payload);
}
