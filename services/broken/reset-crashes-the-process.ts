/**
 * Bug: a reset of one connection is handled by nobody and ends the process.
 * Violates: HOWTO, When Sockets Die: the other side may come down hard at any time.
 * Public case: statsd/statsd#591, a reset by one client ended the whole server.
 *
 * Everything else is the correct subject.
 */
import { SocketError } from '../socket/socket-error.ts';
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

await runSubject({
  ...CORRECT,
  failureOf: (error) => {
    if (error instanceof SocketError && error.code === 'reset') throw error;
    return CORRECT.failureOf(error);
  },
});
