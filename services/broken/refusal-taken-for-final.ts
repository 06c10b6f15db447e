/**
 * Bug: a refused connection ends the retries, however many are left.
 * Violates: CONTRACT, Workloads: on any failure the client connects again.
 * Public case: redis/node-redis#3346, after an outage it never came back, and said nothing.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({
  ...CORRECT,
  retrying: {
    ...CORRECT.retrying,
    worthwhile: (failure, left) => failure.code !== 'refused' && CORRECT.retrying.worthwhile(failure, left),
  },
});
