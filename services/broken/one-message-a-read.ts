/**
 * Bug: after each read one message is looked for; a second one in the same read waits for the next.
 * Violates: HOWTO, Using a Socket: you may end up reading the start of a following message; put that aside until
 * it is needed.
 * Public case: apache/pulsar-client-go#163, after a part of a frame it asked for more than was still to come, and
 * stalled.
 *
 * Everything else is the correct subject. It speaks the workloads in which a clean network delivers each message
 * on its own.
 */
import type { Decoder } from '../socket/frame/decoder.ts';
import type { Framing, Message } from '../node/framing.ts';
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';
import { apart } from './speaks.ts';

function oneARead(framing: Framing): Decoder<Message | Uint8Array> {
  const inner = framing.decoder();
  let fresh = false;
  return {
    get pendingBytes() {
      return inner.pendingBytes;
    },
    push: (chunk) => {
      fresh = true;
      inner.push(chunk);
    },
    next: () => {
      if (!fresh) return 'need-more';
      fresh = false;
      return inner.next();
    },
    end: () => inner.end(),
  };
}

await runSubject({
  ...CORRECT,
  speaks: apart,
  framingOf: async (params) => {
    const framing = await CORRECT.framingOf(params);
    return { ...framing, decoder: () => oneARead(framing) };
  },
});
