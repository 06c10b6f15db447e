/**
 * Bug: told to end, it is gone at once, with messages under way.
 * Violates: CONTRACT, Input: a message under way is finished, and what is between messages is closed.
 * Public case: moby/spdystream#111, a side that had the rest of a transfer yet to send closed.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

process.stdin.on('end', () => process.exit(0));

await runSubject(CORRECT);
