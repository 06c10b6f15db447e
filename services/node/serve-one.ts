/**
 * One connection of a server, from `accepted` to `closed`.
 */
import { closing, type Held } from './closing.ts';
import { Conversation, type Setting } from './conversation.ts';
import { emit } from './events.ts';
import type { Workload } from './params.ts';
import { SERVER_WORKLOADS } from './server-workloads.ts';

export async function serveOne(held: Held, peerPort: number, workload: Workload, setting: Setting): Promise<void> {
  const { conn, socket, stops } = held;
  emit('accepted', { conn, peerPort });
  if (setting.params.keepAlive !== null) socket.setKeepAlive(setting.params.keepAlive);
  const talk = new Conversation(conn, socket, setting, 'from-first-byte');
  await closing(held, async () => await SERVER_WORKLOADS[workload](talk, stops));
}
