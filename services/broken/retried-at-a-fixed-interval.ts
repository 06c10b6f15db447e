/**
 * Bug: every retry comes after the same pause: it neither grows nor is it drawn, and all clients come back together.
 * Violates: CONTRACT, Parameters: `reconnect` waits a random time of up to a bound that doubles.
 * Public case: nats-io/nats.java#314, the whole reconnect wait before each attempt, by every client.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

const INTERVAL_MS = 120;

await runSubject({ ...CORRECT, retrying: { ...CORRECT.retrying, pauseMs: () => INTERVAL_MS } });
