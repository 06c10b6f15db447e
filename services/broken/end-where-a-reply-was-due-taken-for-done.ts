/**
 * Bug: an end of the stream where a message was due is taken for the end of the work.
 * Violates: HOWTO, Using a Socket: when a recv returns 0 bytes there will be no more data, whatever was due.
 * Public case: nodejs/undici#5273, an end before the last chunk ended the response well.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({
  ...CORRECT,
  failureOf: (error) => {
    const failure = CORRECT.failureOf(error);
    return failure !== 'stopped' && failure.code === 'closed' ? 'stopped' : failure;
  },
});
