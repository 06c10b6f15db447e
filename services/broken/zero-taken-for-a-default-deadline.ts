/**
 * Bug: where no deadline is asked for, one of 300 ms is kept.
 * Violates: CONTRACT, Parameters: connectTimeoutMs 0 and ioTimeoutMs 0 mean never.
 * Public case: nodejs/node#54359, a default of 250 ms that nobody had asked for made good hosts unreachable.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

const DEFAULT_MS = 300;

const ofZero = (ms: number): number => (ms === 0 ? DEFAULT_MS : ms);

await runSubject({
  ...CORRECT,
  connectWithin: (ms) => CORRECT.connectWithin(ofZero(ms)),
  timekeeping: { ...CORRECT.timekeeping, begin: (deadline, ms) => deadline.start(ofZero(ms)) },
});
