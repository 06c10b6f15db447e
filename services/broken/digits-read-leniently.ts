/**
 * Bug: a length is read up to the first character that is no digit.
 * Violates: CONTRACT, Framing: the length is five ASCII digits; anything else is malformed.
 * Public case: kin to TooTallNate/Java-WebSocket#1507, what a header said was believed as it stood.
 *
 * Everything else is the correct subject.
 */
import type { Decoder, Ending } from '../socket/frame/decoder.ts';
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

const DIGITS = 5;

function numbered(): Decoder {
  let pending = Buffer.alloc(0);
  let size: number | undefined;
  return {
    get pendingBytes() {
      return pending.length;
    },
    push: (chunk) => {
      pending = Buffer.concat([pending, chunk]);
    },
    next: () => {
      if (size === undefined) {
        if (pending.length < DIGITS) return 'need-more';
        const header = pending.subarray(0, DIGITS).toString('latin1');
        size = Number.parseInt(header, 10) || 0;
        pending = pending.subarray(header.length);
      }
      if (pending.length < size) return 'need-more';
      const payload = pending.subarray(0, size);
      pending = pending.subarray(size);
      size = undefined;
      return payload;
    },
    end: (): Ending =>
      pending.length === 0 && size === undefined
        ? { kind: 'clean' }
        : { kind: 'truncated', receivedBytes: pending.length, expectedBytes: size },
  };
}

await runSubject({
  ...CORRECT,
  speaks: ({ params, workload }) => params.framing === 'ascii5' && workload === 'echo',
  framingOf: async (params) => ({ ...(await CORRECT.framingOf(params)), decoder: numbered }),
});
