/**
 * One connection of a server, from `accepted` to `closed`.
 */
import { closing, type Held } from './closing.ts';
import { Conversation, type Setting } from './conversation.ts';
import { emit } from './events.ts';
import type { Workload } from './params.ts';
import { SERVER_WORKLOADS } from './server-workloads.ts';

export async function serveOne(held: Held, workload: Workload, setting: Setting): Promise<void> {
  const { conn, socket, stops } = held;
  // A connection that was reset while it waited in the queue has no peer any more.
  emit('accepted', { conn, peerPort: socket.remoteAddress?.port ?? 0 });
  if (setting.params.keepAlive !== null) socket.setKeepAlive(setting.params.keepAlive);
  const talk = new Conversation(conn, socket, setting, 'from-first-byte');
  await closing(held, async () => await SERVER_WORKLOADS[workload](talk, stops));
}
