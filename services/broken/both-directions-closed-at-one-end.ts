/**
 * Bug: a moment after the own writing has ended the reading is closed as well, whatever is still due.
 * Violates: HOWTO, Disconnecting: shutdown(1) says that this side is done sending and can still receive.
 * Public case: alpine-docker/socat#22, half a second after one direction had ended the other was closed, and output that
 * came later was lost.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';

/** On a clean network a reply comes sooner. */
const MOMENT_MS = 200;

await runSubject({
  ...CORRECT,
  endWriting: async (socket, bounds) => {
    await CORRECT.endWriting(socket, bounds);
    // It may be closed by then, which ends both directions too.
    const close = (): unknown => socket.shutdown('read').catch(() => {});
    setTimeout(close, MOMENT_MS).unref();
  },
});
