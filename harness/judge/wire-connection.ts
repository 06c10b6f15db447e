/**
 * One connection as the proxy told it: when which byte was handed on in each direction, and how each direction ended.
 *
 * Owns the sorting of `wire.jsonl` by connection; joining it to the subjects' sides is `join.ts`.
 */
import type { WireEvent, WireEventOf } from '../evidence/wire-event.ts';
import type { Direction } from '../scenario/fault.ts';

/** One direction, as its receiver saw it. */
export interface Flow {
  /** What was handed to the receiver, in order of offset. */
  readonly wrote: readonly WireEventOf<'wrote'>[];
  /** What was taken from the sender, in order of offset. */
  readonly read: readonly WireEventOf<'read'>[];
  /** Bytes handed to the receiver in all. */
  readonly writtenBytes: number;
  /** How the direction was ended towards its receiver: by a FIN or a reset, whichever came first; null: not yet. */
  readonly end: { readonly by: 'fin' | 'reset'; readonly atMs: number; readonly offset: number } | null;
  /** When it was first reset towards its receiver; null: never. */
  readonly resetMs: number | null;
  /** The sender's own end, as the proxy read it. */
  readonly sendersEnd: { readonly by: 'fin' | 'reset'; readonly atMs: number } | null;
}

export interface WireConnection {
  readonly conn: number;
  readonly acceptedMs: number;
  readonly clientPort: number;
  /** The port by which the server knows the connection; null: it was never dialed. */
  readonly serverPort: number | null;
  /** When it was dialed. */
  readonly dialedMs: number | null;
  readonly dialFailed: WireEventOf<'dial-failed'> | null;
  readonly upstream: Flow;
  readonly downstream: Flow;
  readonly effects: readonly WireEventOf<'effect'>[];
  /** When the proxy was done with it; null: it never said so. */
  readonly closedMs: number | null;
}

/** Sorts the proxy's events by connection, in order of acceptance. An event of a connection never accepted is left out. */
export function wireConnections(wire: readonly WireEvent[]): WireConnection[] {
  const byConn = new Map<number, WireEvent[]>();
  for (const told of wire) {
    if (!('conn' in told)) continue;
    const known = byConn.get(told.conn);
    if (known === undefined) byConn.set(told.conn, [told]);
    else known.push(told);
  }
  return [...byConn.values()].flatMap((own) => {
    const accepted = own.find((told) => told.kind === 'accepted');
    return accepted === undefined ? [] : [wireConnection(accepted, own)];
  });
}

function wireConnection(accepted: WireEventOf<'accepted'>, own: readonly WireEvent[]): WireConnection {
  const dialed = own.find((told) => told.kind === 'dialed');
  return {
    conn: accepted.conn,
    acceptedMs: accepted.atMs,
    clientPort: accepted.clientPort,
    serverPort: dialed?.localPort ?? null,
    dialedMs: dialed?.atMs ?? null,
    dialFailed: own.find((told) => told.kind === 'dial-failed') ?? null,
    upstream: flowOf(own, 'upstream'),
    downstream: flowOf(own, 'downstream'),
    effects: own.filter((told) => told.kind === 'effect'),
    closedMs: own.find((told) => told.kind === 'closed')?.atMs ?? null,
  };
}

function flowOf(own: readonly WireEvent[], direction: Direction): Flow {
  const mine = own.filter((told) => 'direction' in told && told.direction === direction);
  const wrote = mine.filter((told) => told.kind === 'wrote').toSorted((one, other) => one.offset - other.offset);
  const end = mine.find((told) => told.kind === 'fin-wrote' || told.kind === 'rst-wrote');
  const sendersEnd = mine.find((told) => told.kind === 'fin-read' || told.kind === 'rst-read');
  return {
    wrote,
    read: mine.filter((told) => told.kind === 'read'),
    writtenBytes: wrote.reduce((most, told) => Math.max(most, told.offset + told.bytes), 0),
    end:
      end === undefined ? null : { by: end.kind === 'fin-wrote' ? 'fin' : 'reset', atMs: end.atMs, offset: end.offset },
    resetMs: mine.find((told) => told.kind === 'rst-wrote')?.atMs ?? null,
    sendersEnd:
      sendersEnd === undefined ? null : { by: sendersEnd.kind === 'fin-read' ? 'fin' : 'reset', atMs: sendersEnd.atMs },
  };
}

/** When the byte at `offset` was handed to the receiver; null: it never was. */
export function handedOnMs(flow: Flow, offset: number): number | null {
  return flow.wrote[firstBeyond(flow.wrote, offset)]?.atMs ?? null;
}

/** When the byte at `offset` of what the sender sent was taken from it; null: it never was. */
export function readMs({ read }: Flow, offset: number): number | null {
  return read[firstBeyond(read, offset)]?.atMs ?? null;
}

/** When the last byte before `beforeMs` was handed to the receiver; null: none was. */
export function lastByteMs(flow: Flow, beforeMs: number): number | null {
  const index = firstIndex(flow.wrote.length, (at) => (flow.wrote[at]?.atMs ?? 0) > beforeMs);
  return flow.wrote[index - 1]?.atMs ?? null;
}

/** Since when the proxy had bytes in hand, at an instant, that it had not handed on; null: it had none. */
export function heldSinceMs({ read, wrote }: Flow, atMs: number): number | null {
  const written = wrote.reduce(
    (most, told) => (told.atMs <= atMs ? Math.max(most, told.offset + told.bytes) : most),
    0,
  );
  return read.find((told) => told.atMs <= atMs && told.offset + told.bytes > written)?.atMs ?? null;
}

/** Whether no other connection had one of its ports: by a port that was used again a side may be taken for another one's. */
export function isAlone(all: readonly { readonly wire: WireConnection | null }[], one: WireConnection): boolean {
  return all.every(
    ({ wire }) =>
      wire === null ||
      wire === one ||
      (wire.clientPort !== one.clientPort && (wire.serverPort === null || wire.serverPort !== one.serverPort)),
  );
}

/** The direction in which a role receives. */
export function towards(role: 'client' | 'server'): Direction {
  return role === 'client' ? 'downstream' : 'upstream';
}

/** The index of the passage that the byte at `offset` was part of. */
function firstBeyond(passages: readonly WireEventOf<'read' | 'wrote'>[], offset: number): number {
  return firstIndex(passages.length, (at) => {
    const told = passages[at];
    return told !== undefined && told.offset + told.bytes > offset;
  });
}

/** The least index in `[0, length]` from which on `holds` is true: `holds` must not turn false again. */
function firstIndex(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
