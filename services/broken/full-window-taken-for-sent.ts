/**
 * Bug: a message that finds the window full is waited for a moment, then given up and counted as sent.
 * Violates: HOWTO, Using a Socket: it is your responsibility to call send again until your message has been dealt
 * with.
 * Public case: MisterTea/EternalTerminal#796, it gave up on a full window with bytes already sent.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';
import { Deadline } from '../socket/deadline.ts';
import { SocketError } from '../socket/socket-error.ts';

const MOMENT_MS = 100;

await runSubject({
  ...CORRECT,
  handOver: async (socket, wire, bounds) => {
    try {
      await CORRECT.handOver(socket, wire, { ...bounds, deadline: Deadline.after(MOMENT_MS) });
    } catch (error) {
      if (!(error instanceof SocketError && error.code === 'timeout')) throw error;
    }
  },
});
