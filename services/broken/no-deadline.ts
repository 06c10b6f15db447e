/**
 * Bug: no message has a deadline: a peer that stays silent, or takes nothing, is waited for for ever. Only connecting is
 * bounded.
 * Violates: HOWTO, "When Sockets Die": "Your socket is likely to hang"; TCP "will wait a long, long time before giving
 * up on a connection".
 * Public case: redis/node-redis#2205, a call never settled after the network had gone; its options bounded connecting only.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({ ...CORRECT, timekeeping: { begin: () => {}, progress: () => {} } });
