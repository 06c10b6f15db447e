/**
 * Bug: every deadline fires when half of its time is over.
 * Violates: CONTRACT, Deadlines: a message has the whole of its time.
 * Public case: kin to nodejs/node#54359, a limit shorter than what was promised made slow and good hosts unreachable.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({
  ...CORRECT,
  timekeeping: { ...CORRECT.timekeeping, begin: (deadline, ms) => deadline.start(ms / 2) },
});
