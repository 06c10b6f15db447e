/**
 * Bug: where no deadline is asked for, one of 300 ms is kept.
 * Violates: CONTRACT, Parameters: ioTimeoutMs 0 means never.
 * Public case: nodejs/node#54359, a default of 250 ms that nobody had asked for made good hosts unreachable.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

const DEFAULT_MS = 300;

await runSubject({
  ...CORRECT,
  timekeeping: { ...CORRECT.timekeeping, begin: (deadline, ms) => deadline.start(ms === 0 ? DEFAULT_MS : ms) },
});
