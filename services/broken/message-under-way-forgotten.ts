/**
 * Bug: after a reconnect the message that was under way is skipped.
 * Violates: CONTRACT, Workloads: the first message not yet echoed is sent again.
 * Public case: SOHU-Co/kafka-node#479, one or two messages were lost with each disconnect, without an error.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({
  ...CORRECT,
  retrying: { ...CORRECT.retrying, resumeAt: (echoed) => (echoed === 0 ? 0 : echoed + 1) },
});
