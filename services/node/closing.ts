/**
 * The end of a connection: at most one `failed`, then `closed`.
 */
import type { Socket } from '../socket/socket.ts';
import { SocketError } from '../socket/socket-error.ts';
import { emit } from './events.ts';
import { failureOf, type Failure } from './failure.ts';
import type { Stops } from './stops.ts';

export interface Held {
  readonly conn: number;
  readonly socket: Socket;
  readonly stops: Stops;
}

/** Runs `script` on a connection, tells how it failed if it did, and lets go of the socket. */
export async function closing(held: Held, script: () => Promise<void>): Promise<'done' | 'stopped' | Failure> {
  const { conn, socket, stops } = held;
  let outcome: 'done' | 'stopped' | Failure = 'done';
  try {
    await script();
  } catch (error) {
    outcome = failureOf(error);
    if (outcome !== 'stopped') emit('failed', { conn, ...outcome });
  }
  // What was under way when the time was up is cut off, so that the peer can tell it from an end.
  if (outcome === 'stopped' && stops.kill.aborted) await socket.reset();
  else await letGo(socket);
  emit('closed', { conn });
  return outcome;
}

/** What the peer has not taken by now is dropped with a reset: the failure before told of it. */
async function letGo(socket: Socket): Promise<void> {
  try {
    await socket.close({ lingerMs: 0 });
  } catch (error) {
    if (!(error instanceof SocketError && error.code === 'timeout')) throw error;
  }
}
