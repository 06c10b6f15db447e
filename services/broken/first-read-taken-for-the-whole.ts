/**
 * Bug: of a message that only the end of the stream ends, the first read is kept.
 * Violates: HOWTO, Disconnecting: the server detects the end by a receive of 0 bytes, not by the first receive.
 * Public case: kin to nrwl/nx#34151, each chunk of a stream was decoded as if it were whole.
 *
 * Everything else is the correct subject.
 */
import type { Decoder } from '../socket/frame/decoder.ts';
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

/** A message of this size comes in one read on a clean network. */
const ONE_READ_BYTES = 4096;

function firstRead(inner: Decoder): Decoder {
  let read = false;
  return {
    get pendingBytes() {
      return inner.pendingBytes;
    },
    push: (chunk) => {
      if (!read) inner.push(chunk);
      read = true;
    },
    next: () => inner.next(),
    end: () => inner.end(),
  };
}

await runSubject({
  ...CORRECT,
  speaks: ({ params, workload }) =>
    (workload === 'upload' || params.framing === 'until-end') && params.messageBytes <= ONE_READ_BYTES,
  framingOf: async (params) => {
    const framing = await CORRECT.framingOf(params);
    return { ...framing, decoder: () => firstRead(framing.decoder() as Decoder) };
  },
});
