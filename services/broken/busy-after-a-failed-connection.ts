/**
 * Bug: the loop that served a connection which has failed runs on with nothing to do, so that nobody ever rests.
 * Violates: HOWTO, Non-blocking Sockets: who asks on and on, where select would wait, takes the CPU.
 * Public case: kin to joyent/libuv#690, a loop over what could not be served took a whole core.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

function runOn(): void {
  setImmediate(runOn);
}

await runSubject({
  ...CORRECT,
  letGo: async (socket, outcome) => {
    await CORRECT.letGo(socket, outcome);
    if (typeof outcome !== 'string') runOn();
  },
});
