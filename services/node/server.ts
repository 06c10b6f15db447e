/**
 * The server role: listens, accepts, and serves each connection on its own until told to stop.
 */
import { listen, type Listener } from '../socket/listen.ts';
import type { Socket } from '../socket/socket.ts';
import { Conversation, type Setting } from './conversation.ts';
import { closing, type Held } from './closing.ts';
import { failureOf } from './failure.ts';
import type { Task } from './params.ts';
import { SERVER_WORKLOADS } from './server-workloads.ts';
import type { Stops } from './stops.ts';

/** Plays the role to its end. */
export async function serve(task: Task, setting: Setting, stops: Stops): Promise<void> {
  const { emit, params } = setting;
  let listener: Listener;
  try {
    const where = { host: task.host, port: task.port };
    listener = await listen(where, { backlog: params.backlog }, { signal: stops.stop });
  } catch (error) {
    const failure = failureOf(error);
    if (failure !== 'stopped') emit('failed', { ...failure });
    return;
  }
  emit('listening', { port: listener.port });
  const served = new Set<Promise<void>>();
  for (let conn = 1; !stops.stop.aborted;) {
    const socket = await accept(listener, setting, stops);
    if (socket === undefined) continue;
    const serving = serveOne({ conn, socket, emit, stops }, task, setting).finally(() => served.delete(serving));
    served.add(serving);
    conn += 1;
  }
  await listener.close();
  await Promise.all(served);
}

async function accept(listener: Listener, { emit }: Setting, { stop }: Stops): Promise<Socket | undefined> {
  try {
    return await listener.accept({ signal: stop });
  } catch (error) {
    const failure = failureOf(error);
    if (failure !== 'stopped') emit('failed', { ...failure });
    return undefined;
  }
}

async function serveOne(held: Held, task: Task, setting: Setting): Promise<void> {
  const { conn, socket, emit, stops } = held;
  // A connection that was reset while it waited in the queue has no peer any more.
  emit('accepted', { conn, peerPort: socket.remoteAddress?.port ?? 0 });
  if (setting.params.keepAlive !== null) socket.setKeepAlive(setting.params.keepAlive);
  const talk = new Conversation(conn, socket, setting, 'from-first-byte');
  await closing(held, async () => await SERVER_WORKLOADS[task.workload](talk, stops));
}
