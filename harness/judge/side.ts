/**
 * One side of one connection: what a role told of it, sorted by what it is.
 *
 * Owns the sorting. Takes events as they came and never throws, however impossible their order: that is judged in
 * `kept-contract.ts`.
 */
import type { EventName, SubjectEvent } from '../contract/event.ts';
import type { Role } from '../contract/words.ts';
import type { TimedEvent } from '../evidence/clock.ts';

/** An event of one kind, with its time. */
export type EventOf<Name extends EventName> = Omit<TimedEvent, 'event'> & {
  readonly event: Extract<SubjectEvent, { event: Name }>;
};

export interface Side {
  readonly role: Role;
  /** The process's own number of the connection. */
  readonly conn: number;
  /** All of its events, in the order they were printed. */
  readonly events: readonly TimedEvent[];
  /** The `c` that keys a client's payloads; `null` on a server, which is not told it. */
  readonly key: number | null;
  readonly connecting: EventOf<'connecting'> | null;
  /** `connected` on a client, `accepted` on a server. */
  readonly established: EventOf<'connected'> | EventOf<'accepted'> | null;
  /** The port that names the connection to the proxy. */
  readonly port: number | null;
  readonly sending: readonly EventOf<'sending'>[];
  readonly sent: readonly EventOf<'sent'>[];
  readonly received: readonly EventOf<'received'>[];
  readonly heard: readonly EventOf<'heard'>[];
  readonly shutdown: EventOf<'shutdown'> | null;
  readonly eof: EventOf<'eof'> | null;
  /** The first `failed`. */
  readonly failed: EventOf<'failed'> | null;
  readonly closed: EventOf<'closed'> | null;
}

/** Sorts a role's events by connection, in order of first mention. */
export function sidesOf(role: Role, events: readonly TimedEvent[]): Side[] {
  const byConn = new Map<number, TimedEvent[]>();
  for (const told of events) {
    const conn = 'conn' in told.event ? told.event.conn : undefined;
    if (conn === undefined) continue;
    const known = byConn.get(conn);
    if (known === undefined) byConn.set(conn, [told]);
    else known.push(told);
  }
  return [...byConn].map(([conn, own]) => sideOf(role, conn, own));
}

function sideOf(role: Role, conn: number, events: readonly TimedEvent[]): Side {
  const all = <Name extends EventName>(name: Name) =>
    events.filter((told): told is EventOf<Name> & TimedEvent => told.event.event === name) as EventOf<Name>[];
  const first = <Name extends EventName>(name: Name) => all(name)[0] ?? null;
  const connecting = first('connecting');
  const connected = first('connected');
  const accepted = first('accepted');
  return {
    role,
    conn,
    events,
    key: connecting?.event.key ?? null,
    connecting,
    established: connected ?? accepted,
    port: connected?.event.localPort ?? accepted?.event.peerPort ?? null,
    sending: all('sending'),
    sent: all('sent'),
    received: all('received'),
    heard: all('heard'),
    shutdown: first('shutdown'),
    eof: first('eof'),
    failed: first('failed'),
    closed: first('closed'),
  };
}

/** When the side was over for its process: its failure or its close, whichever it told first. */
export function endedMs(side: Side): number | null {
  const failedMs = side.failed?.atMs ?? Number.POSITIVE_INFINITY;
  const closedMs = side.closed?.atMs ?? Number.POSITIVE_INFINITY;
  const firstMs = Math.min(failedMs, closedMs);
  return Number.isFinite(firstMs) ? firstMs : null;
}

/** Whether the failure is of the message that was received right before it: CONTRACT, Output. */
export function isOfLastReceived({ events, failed }: Side): boolean {
  const index = events.findIndex(({ event }) => event.event === 'failed');
  return failed?.event.code === 'mismatch' && events[index - 1]?.event.event === 'received';
}
