/**
 * Bug: when the stream ends inside a message, what has come of it is delivered as a message.
 * Violates: HOWTO, "Using a Socket": "if a socket send or recv returns after handling 0 bytes, the connection has been
 * broken"; the loop of `myreceive` ends in an error then, not in a message.
 * Public case: urllib3/urllib3#311, a body shorter than announced was returned as a success.
 *
 * Everything else is the correct subject.
 */
import type { Decoder, Ending } from '../socket/frame/decoder.ts';
import type { Message } from '../node/framing.ts';
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';
import { speaksPrefix32 } from './speaks.ts';

const HEADER_BYTES = 4;

function deliverTheRest(inner: Decoder<Message | Uint8Array>): Decoder<Message | Uint8Array> {
  let pending = Buffer.alloc(0);
  let rest: Uint8Array | undefined;
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
      if (inner.end().kind === 'truncated') rest = pending.subarray(HEADER_BYTES);
      return { kind: 'clean' };
    },
  };
}

await runSubject({
  ...CORRECT,
  speaks: speaksPrefix32,
  framingOf: async (params) => {
    const framing = await CORRECT.framingOf(params);
    return { ...framing, decoder: () => deliverTheRest(framing.decoder()) };
  },
});
