/**
 * The end of a connection: at most one `failed`, then `closed`.
 */
import type { Socket } from '../socket/socket.ts';
import { emit } from './events.ts';
import type { Outcome, Pieces } from './pieces.ts';
import type { Stops } from './stops.ts';

export interface Held {
  readonly conn: number;
  readonly socket: Socket;
  readonly stops: Stops;
  readonly pieces: Pieces;
}

/** Runs `script` on a connection, tells how it failed if it did, and lets go of the socket. */
export async function closing(held: Held, script: () => Promise<void>): Promise<Outcome> {
  const { conn, socket, stops, pieces } = held;
  let outcome: Outcome = 'done';
  try {
    await script();
  } catch (error) {
    outcome = pieces.failureOf(error);
    if (outcome !== 'stopped') emit('failed', { conn, ...outcome });
  }
  // What was under way when the time was up is cut off, so that the peer can tell it from an end.
  if (outcome === 'stopped' && stops.kill.aborted) await socket.reset();
  else await pieces.letGo(socket, outcome);
  emit('closed', { conn });
  return outcome;
}
