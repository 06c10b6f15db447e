/**
 * What the proxy carried for one run of a client: connections, and bytes in each direction.
 *
 * Owns the count; what it should have been is judged.
 */
import type { Direction } from '../scenario/fault.ts';
import type { WireEvent } from './wire-event.ts';

export interface Traffic {
  readonly connections: number;
  /** Bytes handed to the receivers, of all connections together: a client may try again, or ask for the rest. */
  readonly bytes: Readonly<Record<Direction, number>>;
  /** The client ended a connection by a reset, as a kernel does where something was left unread. */
  readonly clientReset: boolean;
}

/** Counts what belongs to the connections that began in a stretch of time, until its end. */
export function trafficIn(wire: readonly WireEvent[], fromMs: number, toMs: number): Traffic {
  const own = wire.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  const conns = new Set(own.flatMap((event) => (event.kind === 'accepted' ? [event.conn] : [])));
  const bytes = { upstream: 0, downstream: 0 };
  let clientReset = false;
  for (const event of own) {
    if (!('conn' in event) || !conns.has(event.conn)) continue;
    if (event.kind === 'wrote') bytes[event.direction] += event.bytes;
    if (event.kind === 'rst-read' && event.direction === 'upstream') clientReset = true;
  }
  return { connections: conns.size, bytes, clientReset };
}
