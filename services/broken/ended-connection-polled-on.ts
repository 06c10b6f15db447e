/**
 * Bug: a connection that has failed stays among those that are polled; it is always ready, so that nobody ever rests.
 * Violates: HOWTO, Non-blocking Sockets: a socket that select says is readable returns something; at an end that is
 * nothing, each time again.
 * Public case: joyent/libuv#690, a loop over what could not be served took a whole core.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

function pollOn(): void {
  setImmediate(pollOn);
}

await runSubject({
  ...CORRECT,
  letGo: async (socket, outcome) => {
    await CORRECT.letGo(socket, outcome);
    if (typeof outcome !== 'string') pollOn();
  },
});
