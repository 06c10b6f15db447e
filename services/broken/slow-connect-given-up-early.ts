/**
 * Bug: a connect is given up when half of its time is over, before the kernel asks a second time.
 * Violates: CONTRACT, Parameters: `connectTimeoutMs` is the time that a connect has.
 * Public case: nodejs/node#54359, a quarter of a second for each address made slow and good hosts unreachable.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({ ...CORRECT, connectWithin: (ms) => CORRECT.connectWithin(ms / 2) });
