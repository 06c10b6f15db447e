/**
 * Bug: every byte that arrives starts the deadline of the message anew: a peer that drips holds the reader for ever.
 * Violates: HOWTO, "Using a Socket": the receiver calls recv "again until your message has been completely dealt
 * with"; a bound on one call is no bound on the message. "When Sockets Die" for what follows.
 * Public case: nodejs/undici#3297, a timeout of the body that did not fire while the body went on.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({
  ...CORRECT,
  timekeeping: { ...CORRECT.timekeeping, progress: (deadline, ms) => deadline.start(ms) },
});
