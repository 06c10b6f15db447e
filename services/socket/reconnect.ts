/**
 * A connection that is made again when it fails.
 *
 * Owns the loop: one failure, one wait, one attempt. What is said on a connection, and what of it must be said again on
 * the next, is the caller's business.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { checkCount } from './arguments.ts';
import type { Backoff } from './backoff.ts';
import type { Socket } from './socket.ts';
import { SocketError } from './socket-error.ts';

/** How often to connect again, and when. */
export interface ReconnectOptions {
  readonly backoff: Backoff;
  /** Attempts after a failure that may follow each other without use; then the last failure is thrown. */
  readonly retries: number;
  readonly signal?: AbortSignal;
}

/**
 * Connects with `open` and hands the connection to `use`, again and again until `use` returns; the connection is closed
 * after each. Both may fail with any SocketError and are then tried again after a wait.
 *
 * `use` calls `worked` when the connection has been of use. Only that starts backoff and retries anew: a connection that is
 * accepted and dropped at once is a failure like any other.
 *
 * @throws SocketError the last failure when the retries are used up; `aborted`
 */
export async function reconnecting<T>(
  open: () => Promise<Socket>,
  use: (socket: Socket, worked: () => void) => Promise<T>,
  { backoff, retries, signal }: ReconnectOptions,
): Promise<T> {
  checkCount('reconnect', 'the number of retries', retries, 0);
  let left = retries;
  const worked = (): void => {
    left = retries;
    backoff.reset();
  };
  for (;;) {
    try {
      return await useOne(open, (socket) => use(socket, worked));
    } catch (error) {
      if (!(error instanceof SocketError) || error.code === 'aborted' || error.code === 'invalid') throw error;
      if (left === 0) throw error;
      left -= 1;
    }
    await pause(backoff.nextMs(), signal);
  }
}

/** A connection that failed is reset: an orderly close would wait for a peer that may be gone. */
async function useOne<T>(open: () => Promise<Socket>, use: (socket: Socket) => Promise<T>): Promise<T> {
  const socket = await open();
  try {
    const result = await use(socket);
    await socket.close();
    return result;
  } finally {
    await socket.reset();
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (cause) {
    throw new SocketError('connect', 'aborted', 'told to stop', { cause });
  }
}
