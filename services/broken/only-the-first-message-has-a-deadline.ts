/**
 * Bug: only the first message of a connection has a deadline: once it was answered nothing is timed.
 * Violates: CONTRACT, Deadlines: a deadline runs for each message.
 * Public case: sidorares/node-mysql2#4457, its time limit was cleared by the greeting, and what followed could
 * pend for days.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

const begun = new WeakSet();

await runSubject({
  ...CORRECT,
  timekeeping: {
    ...CORRECT.timekeeping,
    begin: (deadline, ms) => {
      if (!begun.has(deadline)) deadline.start(ms);
      begun.add(deadline);
    },
  },
});
