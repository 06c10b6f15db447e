/**
 * The contract's framings by name: how a message is written and how it is read.
 *
 * Owns nothing but the table; the work is done in `../socket/frame/`.
 */
import { ascii5Decoder, encodeAscii5 } from '../socket/frame/ascii5.ts';
import type { Decoder } from '../socket/frame/decoder.ts';
import { DelimitedDecoder, encodeDelimited } from '../socket/frame/delimited.ts';
import { encodeFixed, fixedDecoder } from '../socket/frame/fixed.ts';
import { encodePrefix32, prefix32Decoder } from '../socket/frame/prefix32.ts';
import { encodeTyped, typedDecoder } from '../socket/frame/typed.ts';
import { UntilEndDecoder } from '../socket/frame/until-end.ts';
import type { Params } from './params.ts';

/** A message as a subject handles it. `type` matters to the framing `typed` alone. */
export interface Message {
  readonly payload: Uint8Array;
  readonly type?: number;
}

export interface Framing {
  readonly decoder: () => Decoder<Message | Uint8Array>;
  readonly encode: (message: Message) => Uint8Array;
}

const LF = Uint8Array.of(0x0a);

/** Payload bytes by message type. */
export const TYPE_LENGTHS: ReadonlyMap<number, number> = new Map([
  [1, 16],
  [2, 256],
  [3, 4096],
]);

/** The type of message `seq`. */
export function typeOf(seq: number): number {
  return (seq % 3) + 1;
}

/** A message of no bytes, which keeps a connection alive in `prefix32`. */
export const HEARTBEAT: Message = { payload: new Uint8Array(0) };

const FRAMINGS: Readonly<Record<Params['framing'], (params: Params) => Framing>> = {
  fixed: ({ messageBytes }) => ({
    decoder: () => fixedDecoder(messageBytes),
    encode: ({ payload }) => encodeFixed(messageBytes, payload),
  }),
  delimited: ({ maxMessageBytes }) => ({
    decoder: () => new DelimitedDecoder(LF, maxMessageBytes),
    encode: ({ payload }) => encodeDelimited(LF, payload),
  }),
  prefix32: ({ maxMessageBytes }) => ({
    decoder: () => prefix32Decoder(maxMessageBytes),
    encode: ({ payload }) => encodePrefix32(payload),
  }),
  ascii5: ({ maxMessageBytes }) => ({
    decoder: () => ascii5Decoder(maxMessageBytes),
    encode: ({ payload }) => encodeAscii5(payload),
  }),
  typed: ({ maxMessageBytes }) => ({
    decoder: () => typedDecoder(TYPE_LENGTHS, maxMessageBytes),
    encode: ({ payload, type }) => encodeTyped(TYPE_LENGTHS, { payload, type: type ?? 0 }),
  }),
  'until-end': ({ maxMessageBytes }) => ({
    decoder: () => new UntilEndDecoder(maxMessageBytes),
    encode: ({ payload }) => payload,
  }),
};

export function framingOf(params: Params): Framing {
  return FRAMINGS[params.framing](params);
}
