/**
 * Bug: a message may be as long as its header says: no limit is kept.
 * Violates: CONTRACT, Parameters: a message announced as longer than maxMessageBytes is refused before more is
 * read.
 * Public case: TooTallNate/Java-WebSocket#1507, a header of ten bytes made it allocate two gigabytes.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

const NO_LIMIT = 2 ** 40;

await runSubject({
  ...CORRECT,
  framingOf: async (params) => await CORRECT.framingOf({ ...params, maxMessageBytes: NO_LIMIT }),
});
