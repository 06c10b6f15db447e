/**
 * Bug: the first connection that fails ends the client, whatever else it has to do.
 * Violates: CONTRACT, Output: after a failure a subject goes on with its other connections.
 * Public case: redis/node-redis#3104, an error in the wrong moment left the client stuck for good.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({ ...CORRECT, goesOn: (outcome) => typeof outcome === 'string' });
