/**
 * Bug: when the stream ends inside a message, what has come of it is delivered as a message.
 * Violates: HOWTO, "Using a Socket": "if a socket send or recv returns after handling 0 bytes, the connection has been
 * broken"; the loop of `myreceive` ends in an error then, not in a message.
 * Public case: urllib3/urllib3#311, a body shorter than announced was returned as a success.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';
import { deliverTheRest } from './deliver-the-rest.ts';
import { speaksPrefix32 } from './speaks.ts';

await runSubject({
  ...CORRECT,
  speaks: speaksPrefix32,
  framingOf: async (params) => {
    const framing = await CORRECT.framingOf(params);
    return { ...framing, decoder: () => deliverTheRest(framing.decoder(), params.framing) };
  },
});
