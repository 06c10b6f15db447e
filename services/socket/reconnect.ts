/**
 * A connection that is made again when it fails.
 *
 * Owns the loop: one failure, one wait, one attempt. What is said on a connection, and what of it must be said again on
 * the next, is the caller's business.
 */
import { checkCount, checkOptions, checkSignal, demand } from './arguments.ts';
import { Backoff } from './backoff.ts';
import { Deadline } from './deadline.ts';
import type { Socket } from './socket.ts';
import { SocketError } from './socket-error.ts';
import { checkBounds, Wait } from './wait.ts';

/** How often to connect again, and when. */
export interface ReconnectOptions {
  readonly backoff: Backoff;
  /** Attempts after a failure that may follow each other without use; then the last failure is thrown. */
  readonly retries: number;
  readonly signal?: AbortSignal;
}

/**
 * Connects with `open` and hands the connection to `use`, again and again until `use` returns. Both may fail with any
 * SocketError and are then tried again after a wait, on a connection of their own: the old one is reset. The last one is
 * closed in order; when that fails it is told, and what `use` has done is not done again.
 *
 * `use` calls `worked` when the connection has been of use. Only that starts backoff and retries anew: a connection that is
 * accepted and dropped at once is a failure like any other.
 *
 * @throws SocketError the last failure when the retries are used up; `aborted`; as `close`
 */
export async function reconnecting<T>(
  open: () => Promise<Socket>,
  use: (socket: Socket, worked: () => void) => Promise<T>,
  options: ReconnectOptions,
): Promise<T> {
  checkOptions('reconnect', options);
  const { backoff, retries, signal } = options;
  demand(backoff instanceof Backoff, 'reconnect', 'it needs a Backoff');
  checkSignal('reconnect', signal);
  checkCount('reconnect', 'the number of retries', retries, 0);
  let left = retries;
  const worked = (): void => {
    left = retries;
    backoff.reset();
  };
  for (;;) {
    let used: Used<T>;
    try {
      used = await useOne(open, (socket) => use(socket, worked));
    } catch (error) {
      if (!(error instanceof SocketError) || error.code === 'aborted' || error.code === 'invalid') throw error;
      if (left === 0) throw error;
      left -= 1;
      await pause(backoff.nextMs(), signal);
      continue;
    }
    await used.socket.close();
    return used.result;
  }
}

/** A connection that has served, and what came of it. */
interface Used<T> {
  readonly socket: Socket;
  readonly result: T;
}

/** A connection that failed is reset: an orderly close would wait for a peer that may be gone. */
async function useOne<T>(open: () => Promise<Socket>, use: (socket: Socket) => Promise<T>): Promise<Used<T>> {
  const socket = await open();
  try {
    return { socket, result: await use(socket) };
  } catch (error) {
    await socket.reset();
    throw error;
  }
}

/** By a deadline and not by a timer of Node's, which takes a time above 2^31 ms for none at all. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  checkBounds('connect', { signal });
  if (ms <= 0) return;
  try {
    await new Wait<void>('connect', { deadline: Deadline.after(ms), signal }).promise;
  } catch (error) {
    if (!(error instanceof SocketError && error.code === 'timeout')) throw error;
  }
}
