/**
 * Bug: while one reply after the other is due, the deadline of the first is the deadline of all.
 * Violates: CONTRACT, Deadlines: the deadline of an echo runs from the later of its own sent and the echo before.
 * Public case: kin to nodejs/node#54359, a limit that was kept over the wrong span made slow but good hosts unreachable.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({
  ...CORRECT,
  timekeeping: {
    ...CORRECT.timekeeping,
    begin: (deadline, ms) => {
      if (!deadline.running) deadline.start(ms);
    },
  },
});
