/**
 * Bug: a type and its payload are expected in one recv.
 * Violates: HOWTO, Using a Socket: now you have two recvs, the first to get the type.
 * Public case: redis/node-redis#2419, replies that came in several chunks were not put together.
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
      messages.push({ type: chunk[0] ?? 0, payload: chunk.subarray(1) });
    },
    next: () => messages.shift() ?? 'need-more',
    end: (): Ending => ({ kind: 'clean' }),
  };
}

await runSubject({
  ...CORRECT,
  speaks: ({ params, workload }) => params.framing === 'typed' && workload === 'echo',
  framingOf: async (params) => ({ ...(await CORRECT.framingOf(params)), decoder: asRead }),
});
