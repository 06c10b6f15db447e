/**
 * Bug: a reset is told as an end of the stream.
 * Violates: RFC 9293, 3.10.7.4: a reset connection is told to its user as reset.
 * Public case: kin to nodejs/undici#5273, how a stream had ended was not looked at, and a cut response counted as whole.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({
  ...CORRECT,
  failureOf: (error) => {
    const failure = CORRECT.failureOf(error);
    const broke = failure !== 'stopped' && (failure.code === 'reset' || failure.code === 'broken-pipe');
    return broke ? { op: 'recv', code: 'closed', message: 'the stream ended' } : failure;
  },
});
