/**
 * Bug: whatever whole message comes is taken for the reply that is due.
 * Violates: CONTRACT, Output: a whole reply that is not the one due is a mismatch.
 * Public case: redis/redis-py#2624, every later reply was one off, and went to whoever asked next.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({ ...CORRECT, isDue: () => true });
