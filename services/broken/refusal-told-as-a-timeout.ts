/**
 * Bug: whatever kept it from connecting is told as a timeout: a refusal, no way there, a name without an address.
 * Violates: RFC 9293, 3.5.2: a SYN that meets no listener is rejected by a reset, which is no lapse of time.
 * Public case: kin to brianc/node-postgres#2973, whatever kept a client from connecting, its callers saw only a timeout.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({
  ...CORRECT,
  failureOf: (error) => {
    const failure = CORRECT.failureOf(error);
    return failure !== 'stopped' && failure.op === 'connect' ? { ...failure, code: 'timeout' } : failure;
  },
});
