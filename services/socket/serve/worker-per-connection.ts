/**
 * The second architecture: a thread for each connection, with a memory of its own.
 *
 * Owns the threads. The handler is named by its module, since no function travels between threads. (HOWTO, "Creating a
 * Socket": "create a new process to handle clientsocket".)
 */
import { Worker } from 'node:worker_threads';
import { demand } from '../arguments.ts';
import type { Listener } from '../listen.ts';
import type { Socket } from '../socket.ts';
import { SocketError } from '../socket-error.ts';

/** A module that exports a `Handler` as `handler`. */
export interface HandlerModule {
  readonly url: URL;
}

/**
 * Serves until `signal` fires; then closes the listener and ends the threads, and with them what is open. The kernel's
 * connection moves into its thread, unread: a TCP one, since Node moves no Unix socket. One for which no thread can be had is
 * reset.
 *
 * @throws SocketError `invalid`: the listener is a Unix socket
 */
export async function serveWithWorkers(listener: Listener, module: HandlerModule, signal: AbortSignal): Promise<void> {
  demand(listener.port !== 0, 'listen', 'the connections of a Unix socket cannot be moved to a thread');
  const workers = new Set<Worker>();
  try {
    for (;;) {
      const socket = await listener.accept({ signal });
      try {
        const worker = threadFor(socket, module);
        workers.add(worker);
        worker.once('exit', () => workers.delete(worker));
      } catch {
        await socket.reset();
      }
    }
  } catch (error) {
    if (!(error instanceof SocketError && error.code === 'aborted')) throw error;
  } finally {
    await listener.close();
    await Promise.all([...workers].map(async (worker) => await worker.terminate()));
  }
}

function threadFor(socket: Socket, { url }: HandlerModule): Worker {
  const worker = new Worker(new URL('worker-entry.ts', import.meta.url), { workerData: { handler: url.href } });
  // A thread that dies takes its one connection with it, and no other.
  worker.on('error', () => {});
  const stream = socket.release();
  // @ts-expect-error Node moves a connected stream between threads; its published types do not know.
  worker.postMessage(stream, [stream]);
  return worker;
}
