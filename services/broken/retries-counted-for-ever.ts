/**
 * Bug: the retries are counted over the life of the client: success does not start them anew.
 * Violates: CONTRACT, Parameters: retries are counted anew after each echo.
 * Public case: redis/node-redis#3346, after a stop and a restart it never came back.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({ ...CORRECT, retrying: { ...CORRECT.retrying, afterEcho: (left) => left } });
