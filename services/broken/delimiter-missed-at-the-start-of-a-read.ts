/**
 * Bug: a delimiter that is the first byte of a later read is overlooked.
 * Violates: HOWTO, Using a Socket: the delimiter may come in any read.
 * Public case: redis/redis-py#615, a line end that came in a read of its own was not found.
 *
 * Everything else is the correct subject.
 */
import type { Decoder, Ending } from '../socket/frame/decoder.ts';
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

const LF = 0x0a;

function lines(): Decoder {
  let pending = Buffer.alloc(0);
  let at = -1;
  return {
    get pendingBytes() {
      return pending.length;
    },
    push: (chunk) => {
      const begin = pending.length;
      pending = Buffer.concat([pending, chunk]);
      at = pending.indexOf(LF, begin === 0 ? 0 : begin + 1);
    },
    next: () => {
      if (at === -1) return 'need-more';
      const line = pending.subarray(0, at);
      pending = pending.subarray(at + 1);
      at = pending.indexOf(LF);
      return line;
    },
    end: (): Ending =>
      pending.length === 0
        ? { kind: 'clean' }
        : { kind: 'truncated', receivedBytes: pending.length, expectedBytes: undefined },
  };
}

await runSubject({
  ...CORRECT,
  speaks: ({ params }) => params.framing === 'delimited',
  framingOf: async (params) => ({ ...(await CORRECT.framingOf(params)), decoder: lines }),
});
