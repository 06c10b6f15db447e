/**
 * The server role: listens, accepts, and serves each connection on its own until told to stop.
 */
import { listen, type Listener } from '../socket/listen.ts';
import type { Socket } from '../socket/socket.ts';
import { emit } from './events.ts';
import { failureOf } from './failure.ts';
import type { Task } from './params.ts';
import type { Pieces } from './pieces.ts';
import type { Stops } from './stops.ts';

/** Plays the role to its end. */
export async function serve(task: Task, pieces: Pieces, stops: Stops): Promise<void> {
  const { workload } = task;
  const listener = await listenAt(task, stops);
  if (listener === undefined) return;
  emit('listening', { port: listener.port });
  // Loaded while the first client makes its way.
  const [{ serveOne }, framing] = await Promise.all([import('./serve-one.ts'), pieces.framingOf(task.params)]);
  const setting = { params: task.params, framing, pieces };
  const served = new Set<Promise<void>>();
  for (let conn = 1; !stops.stop.aborted;) {
    const socket = await accept(listener, stops);
    if (socket === undefined) continue;
    const { remoteAddress } = socket;
    if (remoteAddress === undefined) {
      // Reset in the queue: Node cannot say any more whose it was, and a connection without a port is none to tell of.
      await socket.reset();
      continue;
    }
    const held = { conn, socket, stops, pieces };
    const serving = serveOne(held, remoteAddress.port, workload, setting).finally(() => served.delete(serving));
    served.add(serving);
    await pieces.alongside(serving);
    conn += 1;
  }
  await listener.close();
  await Promise.all(served);
}

async function listenAt({ host, port, params }: Task, { stop }: Stops): Promise<Listener | undefined> {
  return await unlessFailed(async () => await listen({ host, port }, { backlog: params.backlog }, { signal: stop }));
}

async function accept(listener: Listener, { stop }: Stops): Promise<Socket | undefined> {
  return await unlessFailed(async () => await listener.accept({ signal: stop }));
}

/** What `open` gives; a failure is told and gives nothing. */
async function unlessFailed<T>(open: () => Promise<T>): Promise<T | undefined> {
  try {
    return await open();
  } catch (error) {
    const failure = failureOf(error);
    if (failure !== 'stopped') emit('failed', { ...failure });
    return undefined;
  }
}
