/**
 * The bytes that the contract puts on the wire, around a place in a stream: payloads are defined, so they need not be recorded.
 */
import { HEADER_BYTES, wireBytes } from '../../contract/framing.ts';
import type { Params } from '../../contract/params.ts';
import { echoOf, payload, payloadBytes, payloadKey } from '../../contract/payload.ts';
import type { Framing, Workload } from '../../contract/words.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import type { Direction } from '../../scenario/fault.ts';
import { joinConnections } from '../timeline/connections.ts';

/** Workloads in which the server sends back what it got. */
const ECHOES: ReadonlySet<Workload> = new Set(['echo', 'pipeline', 'reconnect']);

const FIXED_HEADER = Buffer.alloc(0);

const HEADERS: Readonly<Record<Framing, (params: Params, seq: number) => Buffer>> = {
  fixed: () => FIXED_HEADER,
  delimited: () => FIXED_HEADER,
  'until-end': () => FIXED_HEADER,
  prefix32: (params, seq) => {
    const header = Buffer.alloc(HEADER_BYTES.prefix32);
    header.writeUInt32BE(payloadBytes(params, seq));
    return header;
  },
  ascii5: (params, seq) => Buffer.from(String(payloadBytes(params, seq)).padStart(HEADER_BYTES.ascii5, '0')),
  typed: (_, seq) => Buffer.of((seq % 3) + 1),
};

/** Whole messages of which a part was asked for. */
export interface ExpectedBytes {
  /** Where in the stream `bytes` begins. */
  readonly from: number;
  readonly bytes: Buffer;
}

/**
 * The bytes of the messages that lie within a stretch.
 *
 * @returns null where the contract does not fix them: a reply of `upload`, heartbeats, an unknown key
 */
export function expectedBytes(
  evidence: Evidence,
  conn: number,
  direction: Direction,
  { from, to }: { from: number; to: number },
): ExpectedBytes | null {
  const { params, workload } = evidence.plan;
  const original = originalPayload(evidence, conn, direction);
  if (original === null || workload === 'idle') return null;
  let offset = 0;
  let start: number | null = null;
  const parts: Buffer[] = [];
  for (let seq = 0; seq < params.messages && offset < to; seq += 1) {
    const end = offset + wireBytes(params, seq);
    if (end > from) {
      start ??= offset;
      const trailer = params.framing === 'delimited' ? Buffer.from('\n') : FIXED_HEADER;
      parts.push(HEADERS[params.framing](params, seq), original(seq, to - offset), trailer);
    }
    offset = end;
  }
  return start === null ? null : { from: start, bytes: Buffer.concat(parts) };
}

/** Gives the beginning of a message's payload, at least as much of it as is wanted. */
type PayloadOf = (seq: number, wantedBytes: number) => Buffer;

/** Null where the contract does not fix the bytes. */
export function originalPayload(evidence: Evidence, conn: number, direction: Direction): PayloadOf | null {
  const { params, workload } = evidence.plan;
  // A payload's beginning does not depend on its length, and hashing all of a large one takes a while.
  const begun = (origin: number | 'server'): PayloadOf => {
    const key = payloadKey(params.seed, origin);
    return (seq, wantedBytes) => {
      const messageBytes = Math.min(params.messageBytes, Math.max(1, wantedBytes));
      return payload({ ...params, messageBytes }, key, seq);
    };
  };
  if (direction === 'downstream' && workload === 'download') return begun('server');
  const key = clientKey(evidence, conn);
  if (key === null) return null;
  const sent = begun(key);
  if (direction === 'upstream') return sent;
  return ECHOES.has(workload) ? (seq, wantedBytes) => echoOf(sent(seq, wantedBytes)) : null;
}

function clientKey(evidence: Evidence, conn: number): number | null {
  const names = joinConnections(evidence);
  for (const record of evidence.records) {
    if (record.kind !== 'event' || record.role !== 'client' || record.event.event !== 'connecting') continue;
    if (names('client', record.event.conn) === conn) return record.event.key;
  }
  return null;
}
