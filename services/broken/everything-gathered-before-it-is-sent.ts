/**
 * Bug: a message that the socket has no room for is kept in memory and counted as sent, however many there are.
 * Violates: HOWTO, Using a Socket: send tells how much of the message it took; the rest is the program's to hold back.
 * Public case: nodejs/node#9254, a server went on writing to clients that were slow to read.
 *
 * Everything else is the correct subject.
 */
import { setImmediate as turn } from 'node:timers/promises';

import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';
import type { Socket } from '../socket/socket.ts';
import type { Bounds } from '../socket/wait.ts';

/** What each socket has yet to send, the last of it. */
const queues = new WeakMap<Socket, Promise<void>>();

async function addTo(socket: Socket, wire: Uint8Array, { signal }: Bounds): Promise<void> {
  const before = queues.get(socket) ?? Promise.resolve();
  const sent = before.then(async () => await CORRECT.handOver(socket, wire, signal === undefined ? {} : { signal }));
  queues.set(socket, sent);
  await Promise.race([sent, turn()]);
}

await runSubject({
  ...CORRECT,
  // An end must not overtake what is queued.
  speaks: ({ role, workload }) => role === 'server' || workload !== 'slow-reader',
  handOver: addTo,
  letGo: async (socket, outcome) => {
    if (outcome === 'done') await queues.get(socket)?.catch(() => {});
    await CORRECT.letGo(socket, outcome);
  },
});
