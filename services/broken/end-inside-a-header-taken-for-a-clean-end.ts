/**
 * Bug: an end of the stream inside the length of a message is taken for a clean end.
 * Violates: HOWTO, Using a Socket: after a recv of 0 bytes you will not receive any more data on this connection,
 * ever.
 * Public case: nodejs/undici#5273, an end before the last chunk had been announced counted as the end of the body.
 *
 * Everything else is the correct subject.
 */
import { HEADER_BYTES } from './deliver-the-rest.ts';
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({
  ...CORRECT,
  framingOf: async (params) => {
    const framing = await CORRECT.framingOf(params);
    const headerBytes = HEADER_BYTES[params.framing];
    return {
      ...framing,
      decoder: () => {
        const inner = framing.decoder();
        return {
          get pendingBytes() {
            return inner.pendingBytes;
          },
          push: (chunk) => inner.push(chunk),
          next: () => inner.next(),
          end: () => (inner.pendingBytes < headerBytes ? { kind: 'clean' } : inner.end()),
        };
      },
    };
  },
});
