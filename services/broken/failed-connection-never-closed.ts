/**
 * Bug: a connection that failed is left as it is: nobody closes it.
 * Violates: HOWTO, Disconnecting: please close your sockets when you are done.
 * Public case: openonion/connectonion#548, each connection that the other side ended was left half-closed with its
 * bytes unread.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({
  ...CORRECT,
  letGo: async (socket, outcome) => {
    if (typeof outcome === 'string') await CORRECT.letGo(socket, outcome);
    else await new Promise<never>(() => {});
  },
});
