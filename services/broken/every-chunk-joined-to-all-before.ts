/**
 * Bug: each chunk is joined to all that came before it, and all is read from its start again: a message costs the square
 * of its length.
 * Violates: HOWTO, Using a Socket: chunks are gathered until the message is whole, and joined once.
 * Public case: tulios/kafkajs#669, large replies took all of a core to put together.
 *
 * Everything else is the correct subject.
 */
import type { Decoder } from '../socket/frame/decoder.ts';
import type { Message } from '../node/framing.ts';
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';
import { speaksPrefix32 } from './speaks.ts';

type Inner = Decoder<Message | Uint8Array>;

/** A decoder that begins anew with every chunk. */
function beginningAnew(fresh: () => Inner): Inner {
  let joined = Buffer.alloc(0);
  const readAll = (): Inner => {
    const inner = fresh();
    if (joined.length > 0) inner.push(joined);
    return inner;
  };
  return {
    get pendingBytes() {
      return joined.length;
    },
    push: (chunk) => {
      joined = Buffer.concat([joined, chunk]);
    },
    next: () => {
      const inner = readAll();
      const message = inner.next();
      if (message !== 'need-more') joined = joined.subarray(joined.length - inner.pendingBytes);
      return message;
    },
    end: () => readAll().end(),
  };
}

await runSubject({
  ...CORRECT,
  speaks: speaksPrefix32,
  framingOf: async (params) => {
    const framing = await CORRECT.framingOf(params);
    return { ...framing, decoder: () => beginningAnew(framing.decoder) };
  },
});
