/**
 * One direction of one connection, byte by byte: what was sent, how it was cut on the way, and what became of each message.
 *
 * Offsets count from the start of the connection in that direction. Pure.
 */
import { HEADER_BYTES, TRAILER_BYTES } from '../../contract/framing.ts';
import type { Role } from '../../contract/words.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { sha256 as digestOf } from '../../contract/payload.ts';
import { DIRECTIONS } from '../../scenario/fault.ts';
import type { Direction } from '../../scenario/fault.ts';
import { joinConnections } from '../timeline/connections.ts';
import { originalPayload } from './expected-bytes.ts';

/** A stretch of bytes: `to` is the first that is no longer in it. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What became of a message: by digest, so that a torn (partial) or foreign one is never taken for it. */
export type MessageState = 'complete' | 'partial' | 'missing' | 'doubled' | 'foreign';

export interface MessageStretch extends Stretch {
  readonly seq: number;
  readonly state: MessageState;
}

/** Where a fault touched the stream. */
export interface FaultByte {
  readonly fault: string;
  readonly effect: string;
  readonly at: number;
}

export interface ByteStream {
  readonly conn: number;
  readonly direction: Direction;
  /** As the sender handed them over, headers included. */
  readonly sent: readonly MessageStretch[];
  /** The sender's own calls; null: it did not trace them. */
  readonly writes: readonly Stretch[] | null;
  /** Pieces that the proxy read, and pieces that it handed on; empty where the proxy tells nothing. */
  readonly entered: readonly Stretch[];
  readonly left: readonly Stretch[];
  /** The receiver's own calls; null: it did not trace them. */
  readonly reads: readonly Stretch[] | null;
  /** Whole messages at the receiver, those it was never sent among them. */
  readonly received: readonly MessageStretch[];
  /** The first effect of each fault here. */
  readonly faults: readonly FaultByte[];
  /** End of the longest of them all. */
  readonly totalBytes: number;
}

/** What is gathered of a stream before its messages are compared. */
class Gathering {
  readonly sent: Told[] = [];
  readonly received: Told[] = [];
  readonly writes: Stretch[] = [];
  readonly reads: Stretch[] = [];
  readonly entered: Stretch[] = [];
  readonly left: Stretch[] = [];
  readonly faults = new Map<string, FaultByte>();
}

interface Told {
  readonly seq: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** The streams of an attempt, those that a fault touched first, then by connection. */
export function byteStreams(evidence: Evidence): ByteStream[] {
  const gatherings: Readonly<Record<Direction, Map<number, Gathering>>> = {
    upstream: new Map(),
    downstream: new Map(),
  };
  const gather = (conn: number, direction: Direction): Gathering => {
    const known = gatherings[direction].get(conn);
    if (known !== undefined) return known;
    const made = new Gathering();
    gatherings[direction].set(conn, made);
    return made;
  };
  gatherEvents(evidence, gather);
  gatherWire(evidence, gather);
  return DIRECTIONS.flatMap((direction) =>
    [...gatherings[direction]].map(([conn, gathered]) => streamOf({ conn, direction }, gathered, evidence)),
  )
    .filter((stream) => stream.totalBytes > 0)
    .sort((a, b) => Number(b.faults.length > 0) - Number(a.faults.length > 0) || a.conn - b.conn);
}

/** Which stream it is. */
type Way = Pick<ByteStream, 'conn' | 'direction'>;

type Gather = (conn: number, direction: Direction) => Gathering;

const OUTWARD: Readonly<Record<Role, Direction>> = { client: 'upstream', server: 'downstream' };
const INWARD: Readonly<Record<Role, Direction>> = { client: 'downstream', server: 'upstream' };

function gatherEvents(evidence: Evidence, gather: Gather): void {
  const names = joinConnections(evidence);
  for (const record of evidence.records) {
    if (record.kind !== 'event') continue;
    const { role, event } = record;
    if (event.event === 'sending') gather(names(role, event.conn), OUTWARD[role]).sent.push(event);
    else if (event.event === 'received') gather(names(role, event.conn), INWARD[role]).received.push(event);
    else if (event.event === 'wrote') follow(gather(names(role, event.conn), OUTWARD[role]).writes, event.bytes);
    else if (event.event === 'read') follow(gather(names(role, event.conn), INWARD[role]).reads, event.bytes);
  }
}

function gatherWire({ wire }: Evidence, gather: Gather): void {
  for (const event of wire) {
    if (event.kind === 'read') gather(event.conn, event.direction).entered.push(stretch(event.offset, event.bytes));
    else if (event.kind === 'wrote') gather(event.conn, event.direction).left.push(stretch(event.offset, event.bytes));
    else if (event.kind === 'effect') {
      const { faults } = gather(event.conn, event.direction);
      if (!faults.has(event.toxic))
        faults.set(event.toxic, { fault: event.toxic, effect: event.effect, at: event.offset });
    }
  }
}

function stretch(from: number, bytes: number): Stretch {
  return { from, to: from + bytes };
}

/** Adds a stretch after the last. */
function follow(stretches: Stretch[], bytes: number): void {
  stretches.push(stretch(stretches.at(-1)?.to ?? 0, bytes));
}

function streamOf(way: Way, gathered: Gathering, evidence: Evidence): ByteStream {
  const { framing } = evidence.plan.params;
  const frameBytes = HEADER_BYTES[framing] + TRAILER_BYTES[framing];
  const passed = Math.max(endOf(gathered.left), endOf(gathered.reads));
  const copies = Map.groupBy(gathered.received, ({ sha256 }) => sha256);
  const digests = new Set(gathered.sent.map(({ sha256 }) => sha256));
  const sent = placed(gathered.sent, frameBytes).map(({ told, from, to }): MessageStretch => {
    const times = copies.get(told.sha256)?.length ?? 0;
    const unread: MessageState = passed > from ? 'partial' : 'missing';
    return { from, to, seq: told.seq, state: times === 0 ? unread : times === 1 ? 'complete' : 'doubled' };
  });
  const odd = gathered.received.find(({ sha256 }) => !digests.has(sha256));
  const torn = odd !== undefined && isTorn(odd, gathered.sent, way, evidence) ? odd : null;
  // What the receiver made up of less than a message has no more bytes than came to it.
  const cameTo = gathered.left.length === 0 ? Number.POSITIVE_INFINITY : passed;
  const received = placed(gathered.received, frameBytes).map(({ told, from, to }): MessageStretch => {
    if (digests.has(told.sha256)) return { from, to, seq: told.seq, state: 'complete' };
    const state: MessageState = told === torn ? 'partial' : 'foreign';
    return { from, to: Math.max(from, Math.min(to, cameTo)), seq: told.seq, state };
  });
  const { entered, left, faults } = gathered;
  return {
    ...way,
    sent,
    writes: gathered.writes.length === 0 ? null : gathered.writes,
    entered,
    left,
    reads: gathered.reads.length === 0 ? null : gathered.reads,
    received,
    faults: [...faults.values()],
    totalBytes: Math.max(endOf(sent), endOf(entered), endOf(left), endOf(received), endOf(gathered.reads)),
  };
}

/** Whether this is the beginning of the message that was due, and not what nobody sent: as far as the contract fixes the bytes. */
function isTorn(
  { seq, bytes, sha256 }: Told,
  sent: readonly Told[],
  { conn, direction }: Way,
  evidence: Evidence,
): boolean {
  const due = sent[seq];
  if (due === undefined || bytes === 0 || bytes >= due.bytes) return false;
  const original = originalPayload(evidence, conn, direction);
  return original !== null && digestOf(original(due.seq, bytes).subarray(0, bytes)) === sha256;
}

function placed(messages: readonly Told[], frameBytes: number): { told: Told; from: number; to: number }[] {
  let from = 0;
  return messages.map((told) => {
    const start = from;
    from += told.bytes + frameBytes;
    return { told, from: start, to: from };
  });
}

function endOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((end, { to }) => Math.max(end, to), 0);
}

/**
 * The first byte that was handed over and did not arrive in a message; null where everything did.
 */
export function divergenceOf(stream: ByteStream): number | null {
  const broken = stream.sent.find(({ state }) => state === 'partial' || state === 'missing');
  if (broken === undefined) return null;
  const passed = endOf(stream.left);
  return stream.left.length > 0 && passed > broken.from && passed < broken.to ? passed : broken.from;
}
