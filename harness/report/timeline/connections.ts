/**
 * Which of a subject's connections is which of the proxy's: joined by the ports both sides name.
 *
 * Owns the joining for display only. What cannot be joined keeps the subject's own number.
 */
import type { Role } from '../../contract/words.ts';
import type { Evidence } from '../../evidence/evidence.ts';

/** The proxy's number of a role's connection, or the role's own number where it could not be joined. */
export type ConnectionNames = (role: Role, conn: number) => number;

/** Which connections could be joined. */
export interface Joined {
  /** The proxy's number of a role's connection; null: it could not be joined. */
  readonly name: (role: Role, conn: number) => number | null;
  /** Every connection that was established could be joined. */
  readonly complete: boolean;
}

/** Every part of an attempt's page asks, some of them for each of thousands of connections. */
const known = new WeakMap<object, Joined>();

/** Joins a run's connections. A port used twice names the connections in order of arrival. */
export function joinedConnections(evidence: Pick<Evidence, 'records' | 'wire'>): Joined {
  const joined = known.get(evidence) ?? join(evidence);
  known.set(evidence, joined);
  return joined;
}

function join(evidence: Pick<Evidence, 'records' | 'wire'>): Joined {
  const wirePorts: Record<Role, Map<number, number[]>> = { client: new Map(), server: new Map() };
  for (const event of evidence.wire) {
    if (event.kind === 'accepted') queue(wirePorts.client, event.clientPort, event.conn);
    if (event.kind === 'dialed') queue(wirePorts.server, event.localPort, event.conn);
  }
  const names: Record<Role, Map<number, number>> = { client: new Map(), server: new Map() };
  let complete = true;
  for (const record of evidence.records) {
    if (record.kind !== 'event') continue;
    const { role, event } = record;
    const port = portOf(event);
    if (port === null || !('conn' in event) || event.conn === undefined) continue;
    const wireConn = wirePorts[role].get(port)?.shift();
    if (wireConn !== undefined) names[role].set(event.conn, wireConn);
    complete &&= wireConn !== undefined;
  }
  return { name: (role, conn) => names[role].get(conn) ?? null, complete };
}

/** Names for connections that are good enough to read. */
export function joinConnections(evidence: Pick<Evidence, 'records' | 'wire'>): ConnectionNames {
  const { name } = joinedConnections(evidence);
  return (role, conn) => name(role, conn) ?? conn;
}

function portOf(event: { event: string; localPort?: number; peerPort?: number }): number | null {
  if (event.event === 'connected') return event.localPort ?? null;
  return event.event === 'accepted' ? (event.peerPort ?? null) : null;
}

function queue(ports: Map<number, number[]>, port: number, conn: number): void {
  const waiting = ports.get(port);
  if (waiting === undefined) ports.set(port, [conn]);
  else waiting.push(conn);
}
