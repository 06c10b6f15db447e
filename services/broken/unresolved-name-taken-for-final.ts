/**
 * Bug: a name that does not resolve ends the retries, however many are left.
 * Violates: CONTRACT, Workloads: on any failure the client connects again.
 * Public case: dnp3/opendnp3#200, after a look-up that failed nothing was tried again until a restart.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({
  ...CORRECT,
  retrying: {
    ...CORRECT.retrying,
    worthwhile: (failure, left) => failure.code !== 'unresolved' && CORRECT.retrying.worthwhile(failure, left),
  },
});
