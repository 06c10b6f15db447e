/**
 * Bug: a dead peer is reported only after twice the silence that it is allowed.
 * Violates: CONTRACT, Deadlines: deadPeerMs runs from the last byte received.
 * Public case: kin to amqp-node/amqplib#556, what was due after half an interval came after a whole one.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({ ...CORRECT, watchSilence: (silence, ms) => silence.start(ms * 2) });
