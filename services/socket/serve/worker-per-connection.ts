/**
 * The second architecture: a thread for each connection, with a memory of its own.
 *
 * Owns the threads. The handler is named by its module, since no function travels between threads. (HOWTO, "Creating a
 * Socket": "create a new process to handle clientsocket".)
 */
import * as net from 'node:net';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** A module that exports a `Handler` as `handler`. */
export interface HandlerModule {
  readonly url: URL;
}

/**
 * Listens on `host`, any free port, calls `listening` with it and serves until `signal` fires; then ends the threads.
 * The kernel's connection moves into the thread, unread.
 */
export async function serveWithWorkers(
  host: string,
  { url }: HandlerModule,
  listening: (port: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const workers = new Set<Worker>();
  const server = net.createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (stream) => {
    stream.on('error', () => {});
    const worker = new Worker(new URL('worker-entry.ts', import.meta.url), { workerData: { handler: url.href } });
    workers.add(worker);
    worker.once('exit', () => workers.delete(worker));
    // A thread that dies takes its one connection with it, and no other.
    worker.on('error', () => {});
    // @ts-expect-error Node moves a connected stream between threads; its published types do not know.
    worker.postMessage(stream, [stream]);
  });
  server.listen(0, host);
  await once(server, 'listening', { signal });
  const address = server.address();
  listening(typeof address === 'object' && address !== null ? address.port : 0);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  server.close();
  await Promise.all([...workers].map(async (worker) => await worker.terminate()));
}
