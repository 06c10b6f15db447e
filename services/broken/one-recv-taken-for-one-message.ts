/**
 * Bug: what one `recv` returns is taken for one message, whatever the header says.
 * Violates: HOWTO, "Using a Socket": send and recv "do not necessarily handle all the bytes you hand them (or expect
 * from them)"; it is the caller's part to call again until the message is complete.
 * Public case: envoyproxy/envoy#6696, a filter that gave up on a packet that came in more than one read.
 *
 * Everything else is the correct subject. Where messages follow each other without a reply this would fail on a clean
 * network too, so it speaks only the workloads that take turns.
 */
import type { Decoder, Ending } from '../socket/frame/decoder.ts';
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';
import { takesTurns } from './speaks.ts';

const HEADER_BYTES = 4;

function oneRecvOneMessage(): Decoder {
  const messages: Uint8Array[] = [];
  return {
    pendingBytes: 0,
    push: (chunk) => {
      messages.push(chunk.subarray(HEADER_BYTES));
    },
    next: () => messages.shift() ?? 'need-more',
    end: (): Ending => ({ kind: 'clean' }),
  };
}

await runSubject({
  ...CORRECT,
  speaks: takesTurns,
  framingOf: async (params) => ({ ...(await CORRECT.framingOf(params)), decoder: oneRecvOneMessage }),
});
