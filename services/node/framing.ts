/**
 * The contract's framings by name: how a message is written and how it is read.
 *
 * Owns nothing but the table; the work is done in `../socket/frame/`, of which only what is asked for is loaded.
 */
import type { Decoder } from '../socket/frame/decoder.ts';
import type { FramingName, Params } from './params.ts';

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

const FRAMINGS: Readonly<Record<FramingName, (params: Params) => Promise<Framing>>> = {
  fixed: async ({ messageBytes, maxMessageBytes }) => {
    const { encodeFixed, fixedDecoder } = await import('../socket/frame/fixed.ts');
    const { HeadedDecoder } = await import('../socket/frame/headed.ts');
    // Where every message is too large, its first byte announces as much.
    const refused = {
      bytes: 1,
      payloadBytes: () => messageBytes,
      message: (_: Uint8Array, payload: Uint8Array) => payload,
    };
    return {
      decoder: () =>
        messageBytes > maxMessageBytes ? new HeadedDecoder(refused, maxMessageBytes) : fixedDecoder(messageBytes),
      encode: ({ payload }) => encodeFixed(messageBytes, payload),
    };
  },
  delimited: async ({ maxMessageBytes }) => {
    const { DelimitedDecoder, encodeDelimited } = await import('../socket/frame/delimited.ts');
    return {
      decoder: () => new DelimitedDecoder(LF, maxMessageBytes),
      encode: ({ payload }) => encodeDelimited(LF, payload),
    };
  },
  prefix32: async ({ maxMessageBytes }) => {
    const { encodePrefix32, prefix32Decoder } = await import('../socket/frame/prefix32.ts');
    return {
      decoder: () => prefix32Decoder(maxMessageBytes),
      encode: ({ payload }) => encodePrefix32(payload),
    };
  },
  ascii5: async ({ maxMessageBytes }) => {
    const { ascii5Decoder, encodeAscii5 } = await import('../socket/frame/ascii5.ts');
    return {
      decoder: () => ascii5Decoder(maxMessageBytes),
      encode: ({ payload }) => encodeAscii5(payload),
    };
  },
  typed: async ({ maxMessageBytes }) => {
    const { encodeTyped, typedDecoder } = await import('../socket/frame/typed.ts');
    return {
      decoder: () => typedDecoder(TYPE_LENGTHS, maxMessageBytes),
      encode: ({ payload, type }) => encodeTyped(TYPE_LENGTHS, { payload, type: type ?? 0 }),
    };
  },
  'until-end': async ({ maxMessageBytes }) => {
    const { UntilEndDecoder } = await import('../socket/frame/until-end.ts');
    return {
      decoder: () => new UntilEndDecoder(maxMessageBytes),
      encode: ({ payload }) => payload,
    };
  },
};

/** The framing that `params` name. */
export async function framingOf(params: Params): Promise<Framing> {
  return await FRAMINGS[params.framing](params);
}
