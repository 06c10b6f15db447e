/**
 * Bug: a message that is found calls the search for the next: a read that holds thousands of them leaves no stack.
 * Violates: HOWTO, Using a Socket: you may end up reading the start of a following message; nothing says how many.
 * Public case: websockets/ws#992, thousands of frames in one chunk overflowed the stack.
 *
 * Everything else is the correct subject. It speaks `prefix32`.
 */
import type { Decoder } from '../socket/frame/decoder.ts';
import type { Framing, Message } from '../node/framing.ts';
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';
import { speaksPrefix32 } from './speaks.ts';

function callingItself(framing: Framing): Decoder<Message | Uint8Array> {
  const inner = framing.decoder();
  const found: (Message | Uint8Array)[] = [];
  const search = (): void => {
    const message = inner.next();
    if (message === 'need-more') return;
    deliver(message, found.length);
  };
  const deliver = (message: Message | Uint8Array, place: number): void => {
    found.splice(place, 0, message);
    search();
  };
  return {
    get pendingBytes() {
      return found.length > 0 ? 0 : inner.pendingBytes;
    },
    push: (chunk) => {
      inner.push(chunk);
      search();
    },
    next: () => found.shift() ?? 'need-more',
    end: () => inner.end(),
  };
}

await runSubject({
  ...CORRECT,
  speaks: speaksPrefix32,
  framingOf: async (params) => {
    const framing = await CORRECT.framingOf(params);
    return { ...framing, decoder: () => callingItself(framing) };
  },
});
