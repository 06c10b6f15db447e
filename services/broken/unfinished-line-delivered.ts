/**
 * Bug: when the stream ends inside a line, what has come of it is delivered as a line.
 * Violates: HOWTO, Using a Socket: messages must be delimited; without the delimiter there is no message.
 * Public case: python/cpython#115997, reading at the end of the stream gave what was there where it should have
 * been an error.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';
import { deliverTheRest } from './deliver-the-rest.ts';

await runSubject({
  ...CORRECT,
  speaks: ({ params }) => ['delimited'].includes(params.framing),
  framingOf: async (params) => {
    const framing = await CORRECT.framingOf(params);
    return { ...framing, decoder: () => deliverTheRest(framing.decoder(), params.framing) };
  },
});
