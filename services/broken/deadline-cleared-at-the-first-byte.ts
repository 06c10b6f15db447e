/**
 * Bug: the deadline of a message ends with its first byte: what follows may take for ever.
 * Violates: HOWTO, Using a Socket: a message takes as many calls as it takes, so a bound on the first of them
 * bounds nothing.
 * Public case: openai/openai-node#1825, its timer was cleared when the headers came, and the body hung for 37
 * minutes.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({
  ...CORRECT,
  timekeeping: { ...CORRECT.timekeeping, progress: (deadline) => deadline.clear() },
});
