/**
 * The first architecture: a task for each connection, which may wait as it likes while the others go on.
 *
 * (HOWTO, "Creating a Socket": "dispatching a thread to handle clientsocket".)
 */
import type { Listener } from '../listen.ts';
import { SocketError } from '../socket-error.ts';
import { converse } from './converse.ts';
import type { Handler } from './session.ts';

/** Serves until `signal` fires; then resets what is open and closes the listener. */
export async function serveWithTasks(listener: Listener, handler: Handler, signal: AbortSignal): Promise<void> {
  const tasks = new Set<Promise<void>>();
  try {
    for (;;) {
      const socket = await listener.accept({ signal });
      const task = converse(socket, handler, signal).finally(() => tasks.delete(task));
      tasks.add(task);
    }
  } catch (error) {
    if (!(error instanceof SocketError && error.code === 'aborted')) throw error;
  } finally {
    await listener.close();
    await Promise.all(tasks);
  }
}
