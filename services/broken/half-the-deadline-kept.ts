/**
 * Bug: every deadline fires when half of its time is over.
 * Violates: CONTRACT, Deadlines: a message has the whole of its time.
 * Public case: amqp-node/amqplib#556, a bound kept at the wrong part of its interval called a healthy link dead.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({
  ...CORRECT,
  timekeeping: { ...CORRECT.timekeeping, begin: (deadline, ms) => deadline.start(ms / 2) },
});
