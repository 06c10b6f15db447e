/**
 * Bug: when the stream ends before the length that is fixed, what has come is delivered all the same.
 * Violates: HOWTO, Using a Socket: a recv of 0 bytes before the fixed length is reached means that the connection
 * is broken.
 * Public case: psf/requests#4956, a body shorter than its declared length was returned as a success.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';
import { deliverTheRest } from './deliver-the-rest.ts';

await runSubject({
  ...CORRECT,
  speaks: ({ params }) => ['fixed', 'typed'].includes(params.framing),
  framingOf: async (params) => {
    const framing = await CORRECT.framingOf(params);
    return { ...framing, decoder: () => deliverTheRest(framing.decoder(), params.framing) };
  },
});
