/**
 * Messages of one length, known to both sides.
 *
 * (HOWTO, "Using a Socket": "messages must either be fixed length (yuck)" and the class `MySocket`.)
 */
import { checkBytes, FrameError } from './decoder.ts';
import { HeadedDecoder } from './headed.ts';

/** A decoder of messages of exactly `bytes` bytes, at least one. */
export function fixedDecoder(bytes: number): HeadedDecoder<Uint8Array> {
  if (!Number.isSafeInteger(bytes) || bytes < 1) {
    throw new FrameError('local', 'malformed', `a message of fixed length has at least one byte, not ${bytes}`);
  }
  return new HeadedDecoder({ bytes: 0, payloadBytes: () => bytes, message: (_header, payload) => payload }, bytes);
}

/**
 * The message as it goes on the wire: the payload itself.
 *
 * @throws FrameError `malformed`: the payload has another length
 */
export function encodeFixed(bytes: number, payload: Uint8Array): Uint8Array {
  checkBytes(payload);
  if (payload.length === bytes) return payload;
  throw new FrameError('local', 'malformed', `a message has exactly ${bytes} bytes, not ${payload.length}`);
}
