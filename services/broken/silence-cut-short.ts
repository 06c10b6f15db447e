/**
 * Bug: a peer counts as dead after less than half of the silence that it is allowed.
 * Violates: CONTRACT, Deadlines: deadPeerMs runs from the last byte received.
 * Public case: amqp-node/amqplib#556, heartbeats that came a little late made a healthy link count as dead.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

const PART = 0.4;

await runSubject({ ...CORRECT, watchSilence: (silence, ms) => silence.start(ms * PART) });
