/**
 * Bug: the pause before a retry is the whole backoff, give or take a little: all clients come back together.
 * Violates: CONTRACT, Parameters: `reconnect` waits a random time of up to the bound.
 * Public case: nats-io/nats.go#563, every client came back within the same second.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

const LITTLE = 0.15;

await runSubject({
  ...CORRECT,
  retrying: { ...CORRECT.retrying, pauseMs: (boundMs) => boundMs * (1 - LITTLE * Math.random()) },
});
