/**
 * The mistake of taking what came before the end of the stream for a message, for any framing.
 *
 * Owns the wrapping of a decoder; which framing has the bug is said by the subject.
 */
import type { Decoder, Ending } from '../socket/frame/decoder.ts';
import type { Message } from '../node/framing.ts';
import type { FramingName } from '../node/params.ts';

/** Bytes before the payload. */
export const HEADER_BYTES: Readonly<Record<FramingName, number>> = {
  fixed: 0,
  delimited: 0,
  prefix32: 4,
  ascii5: 5,
  typed: 1,
  'until-end': 0,
};

/** A decoder that gives out what is left of a message when the stream ends. */
export function deliverTheRest(
  inner: Decoder<Message | Uint8Array>,
  framing: FramingName,
): Decoder<Message | Uint8Array> {
  let pending = Buffer.alloc(0);
  let rest: Message | undefined;
  return {
    get pendingBytes() {
      return inner.pendingBytes;
    },
    push: (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      inner.push(chunk);
    },
    next: () => {
      if (rest !== undefined) {
        const message = rest;
        rest = undefined;
        return message;
      }
      const message = inner.next();
      pending = pending.subarray(pending.length - inner.pendingBytes);
      return message;
    },
    end: (): Ending => {
      const payload = pending.subarray(HEADER_BYTES[framing]);
      if (inner.end().kind === 'truncated')
        rest = framing === 'typed' ? { type: pending[0] ?? 0, payload } : { payload };
      return { kind: 'clean' };
    },
  };
}
