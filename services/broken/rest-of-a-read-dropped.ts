/**
 * Bug: what a read holds beyond the end of a message is thrown away.
 * Violates: HOWTO, Using a Socket: you may end up reading the start of a following message; put that aside until
 * it is needed.
 * Public case: postwait/node-amqp#66, how much of a buffer had been used was not kept.
 *
 * Everything else is the correct subject. It speaks the workloads in which a clean network delivers each message
 * on its own.
 */
import type { Decoder } from '../socket/frame/decoder.ts';
import type { Framing, Message } from '../node/framing.ts';
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';
import { apart } from './speaks.ts';

function droppingTheRest(framing: Framing): Decoder<Message | Uint8Array> {
  let inner = framing.decoder();
  return {
    get pendingBytes() {
      return inner.pendingBytes;
    },
    push: (chunk) => inner.push(chunk),
    next: () => {
      const message = inner.next();
      if (message !== 'need-more') inner = framing.decoder();
      return message;
    },
    end: () => inner.end(),
  };
}

await runSubject({
  ...CORRECT,
  speaks: apart,
  framingOf: async (params) => {
    const framing = await CORRECT.framingOf(params);
    return { ...framing, decoder: () => droppingTheRest(framing) };
  },
});
