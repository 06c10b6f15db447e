/**
 * Bug: each connection that is made starts the retries anew, though it be lost before it was of any use.
 * Violates: CONTRACT, Parameters: retries are counted anew after each echo, and by nothing less.
 * Public case: FreeTAKTeam/LXMF-rs#493, the count of attempts was reset by a connect that lived for no time.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({
  ...CORRECT,
  retrying: { ...CORRECT.retrying, afterConnect: (_left, retries) => retries },
});
