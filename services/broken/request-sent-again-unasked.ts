/**
 * Bug: a request that has no answer after half of its time is sent again, although nobody asked for that.
 * Violates: CONTRACT, Workloads: a client of `echo` sends each message once.
 * Public case: confluentinc/librdkafka#1476, a message that was told as timed out was delivered later.
 *
 * Everything else is the correct subject.
 */
import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';
import type { Socket } from '../socket/socket.ts';

let againAfterMs = 0;
const waiting = new WeakMap<Socket, NodeJS.Timeout>();

await runSubject({
  ...CORRECT,
  speaks: ({ role, workload, params }) => {
    if (role === 'client' && workload === 'echo') againAfterMs = params.ioTimeoutMs / 2;
    return againAfterMs === 0 || params.paceMs < againAfterMs;
  },
  handOver: async (socket, wire, bounds) => {
    clearTimeout(waiting.get(socket));
    await CORRECT.handOver(socket, wire, bounds);
    if (againAfterMs === 0) return;
    const again = (): void => void CORRECT.handOver(socket, wire, {}).catch(() => {});
    waiting.set(socket, setTimeout(again, againAfterMs).unref());
  },
  letGo: async (socket, outcome) => {
    clearTimeout(waiting.get(socket));
    await CORRECT.letGo(socket, outcome);
  },
});
