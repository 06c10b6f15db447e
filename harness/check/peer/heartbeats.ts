/**
 * Heartbeats in both directions, as `idle` has them: for as long as `durationMs` says, at every `heartbeatMs`.
 */
import { Missed } from '../clause.ts';
import type { Exchange } from '../exchange.ts';
import type { PeerSocket } from './peer-socket.ts';
import { HEARTBEAT } from './wire-form.ts';

/** Beats that are sent, and beats that must come, on each connection. */
export const BEATS = 2;

/**
 * Sends heartbeats and takes as many of the subject's.
 *
 * @throws {Missed} when something else comes, or too few
 */
export async function heartbeats(peer: PeerSocket, exchange: Exchange): Promise<void> {
  for (let beat = 1; beat <= BEATS; beat += 1) {
    const bytes = await peer.take(HEARTBEAT.length, `heartbeat ${beat}, one each ${exchange.params.heartbeatMs} ms`);
    if (!bytes.equals(HEARTBEAT)) {
      throw new Missed('heartbeats: four zero bytes', `the bytes ${bytes.toString('hex')} came`);
    }
    peer.write(HEARTBEAT);
  }
}
