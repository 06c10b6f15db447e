/**
 * Messages whose first byte is a type, which fixes the length.
 *
 * (HOWTO, "Using a Socket": "make the first character of the message an indicator of message type, and have the type
 * determine the length".)
 */
import { checkBytes, FrameError } from './decoder.ts';
import { HeadedDecoder, type Header } from './headed.ts';

/** A message, with the type that fixes its length. */
export interface TypedMessage {
  readonly type: number;
  readonly payload: Uint8Array;
}

/** The length of the payload of each type. */
export type TypeLengths = ReadonlyMap<number, number>;

/** Throws unless the type fits its one byte and its length is one. */
function checkType(type: number, bytes: number): void {
  const fits = Number.isInteger(type) && type >= 0 && type <= 0xff && Number.isSafeInteger(bytes) && bytes >= 0;
  if (fits) return;
  const what = `a type is from 0 to 255, and its length from 0: not ${String(type)} with ${String(bytes)}`;
  throw new FrameError('local', 'malformed', what);
}

/** A decoder of messages of the types in `lengths`, with payloads of at most `maxBytes` bytes. */
export function typedDecoder(lengths: TypeLengths, maxBytes: number): HeadedDecoder<TypedMessage> {
  for (const [type, bytes] of lengths) checkType(type, bytes);
  const header: Header<TypedMessage> = {
    bytes: 1,
    payloadBytes: ([type]) => {
      const bytes = type === undefined ? undefined : lengths.get(type);
      if (bytes === undefined)
        throw new FrameError('remote', 'malformed', `the peer sent a message of unknown type ${type}`);
      return bytes;
    },
    message: ([type], payload) => ({ type: type ?? 0, payload }),
  };
  return new HeadedDecoder(header, maxBytes);
}

/**
 * The message as it goes on the wire.
 *
 * @throws FrameError `malformed`: the type is unknown or the payload has another length than the type fixes
 */
export function encodeTyped(lengths: TypeLengths, { type, payload }: TypedMessage): Uint8Array {
  checkBytes(payload);
  const bytes = lengths.get(type);
  if (bytes === undefined) throw new FrameError('local', 'malformed', `there is no message type ${type}`);
  checkType(type, bytes);
  if (bytes !== payload.length) {
    const what = `a message of type ${type} has ${bytes} bytes, not ${payload.length}`;
    throw new FrameError('local', 'malformed', what);
  }
  const wire = new Uint8Array(1 + bytes);
  wire[0] = type;
  wire.set(payload, 1);
  return wire;
}
