/**
 * Bug: what one recv returns is taken for a record of the fixed length.
 * Violates: HOWTO, Using a Socket: recv must be called again until the fixed length is reached.
 * Public case: postwait/node-amqp#65, only bodies that came in one packet were read correctly.
 *
 * Everything else is the correct subject.
 */
import type { Decoder, Ending } from '../socket/frame/decoder.ts';
import type { Message } from '../node/framing.ts';
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

function asRead(): Decoder<Message> {
  const messages: Message[] = [];
  return {
    pendingBytes: 0,
    push: (chunk) => {
      messages.push({ payload: chunk });
    },
    next: () => messages.shift() ?? 'need-more',
    end: (): Ending => ({ kind: 'clean' }),
  };
}

await runSubject({
  ...CORRECT,
  speaks: ({ params, workload }) => params.framing === 'fixed' && workload === 'echo',
  framingOf: async (params) => ({ ...(await CORRECT.framingOf(params)), decoder: asRead }),
});
