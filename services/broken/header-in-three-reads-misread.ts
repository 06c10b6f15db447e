/**
 * Bug: a header that takes three reads is put together from the first and the last of them.
 * Violates: HOWTO, Using a Socket: it takes a receive loop to determine the length.
 * Public case: cloudamqp/amqp-client.js#206, a header that came in three or more reads was parsed from stale
 * bytes.
 *
 * Everything else is the correct subject.
 */
import type { Decoder } from '../socket/frame/decoder.ts';
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';
import { speaksPrefix32 } from './speaks.ts';

const HEADER_BYTES = 4;

/** Hands the header on once it has four bytes; of the pieces before, only the first is remembered. */
function twoPieces(inner: Decoder): Decoder {
  let first: Uint8Array | undefined;
  let header: Uint8Array | undefined;
  let latest: Uint8Array = new Uint8Array(0);
  return {
    get pendingBytes() {
      return inner.pendingBytes + (header === undefined ? (first?.length ?? 0) : 0);
    },
    push: (chunk) => {
      if (header !== undefined || inner.pendingBytes > 0) {
        inner.push(chunk);
        return;
      }
      latest = Buffer.concat([first ?? new Uint8Array(0), chunk]);
      if (latest.length < HEADER_BYTES) {
        first ??= chunk;
        return;
      }
      first = undefined;
      inner.push(latest);
    },
    next: () => {
      header = undefined;
      return inner.next();
    },
    end: () => inner.end(),
  };
}

await runSubject({
  ...CORRECT,
  speaks: speaksPrefix32,
  framingOf: async (params) => {
    const framing = await CORRECT.framingOf(params);
    return { ...framing, decoder: () => twoPieces(framing.decoder() as Decoder) };
  },
});
