/**
 * Bug: the four bytes of the length are read from whatever has come, as if they always came together. The payload is
 * put together correctly.
 * Violates: HOWTO, "Using a Socket": "you may not get all 5 characters in one recv"; it takes two loops, the first to
 * determine the length.
 * Public case: cloudamqp/amqp-client.js#206, a header that arrived in three reads was parsed from stale bytes.
 *
 * Everything else is the correct subject. It speaks the workloads in which a clean network delivers headers whole.
 */
import type { Decoder, Ending } from '../socket/frame/decoder.ts';
import { UnreadBytes } from '../socket/frame/unread-bytes.ts';
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';
import { takesTurns } from './speaks.ts';

const HEADER_BYTES = 4;

function headerAtOnce(): Decoder {
  const unread = new UnreadBytes();
  let payloadBytes: number | undefined;
  return {
    get pendingBytes() {
      return unread.length;
    },
    push: (chunk) => unread.push(chunk),
    next: () => {
      if (payloadBytes === undefined) {
        if (unread.length === 0) return 'need-more';
        const [first = 0, second = 0, third = 0, fourth = 0] = unread.take(Math.min(HEADER_BYTES, unread.length));
        payloadBytes = ((first * 256 + second) * 256 + third) * 256 + fourth;
      }
      if (unread.length < payloadBytes) return 'need-more';
      const payload = unread.take(payloadBytes);
      payloadBytes = undefined;
      return payload;
    },
    end: (): Ending => {
      const receivedBytes = unread.length;
      if (receivedBytes === 0 && payloadBytes === undefined) return { kind: 'clean' };
      return { kind: 'truncated', receivedBytes, expectedBytes: payloadBytes };
    },
  };
}

await runSubject({
  ...CORRECT,
  speaks: takesTurns,
  framingOf: async (params) => ({ ...(await CORRECT.framingOf(params)), decoder: headerAtOnce }),
});
