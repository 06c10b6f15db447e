/**
 * From an attempt's evidence to the marks of its time line.
 *
 * Owns which lane, direction and place in the stream each record takes. A subject's times are aligned to the harness's
 * clock; its messages are laid out in its direction's stream by the framing's sizes, heartbeats not counted.
 */
import { HEADER_BYTES, TRAILER_BYTES } from '../../contract/framing.ts';
import type { EventName, SubjectEvent } from '../../contract/event.ts';
import { ROLES } from '../../contract/words.ts';
import type { Role } from '../../contract/words.ts';
import { alignEvents } from '../../evidence/clock.ts';
import { isPlain } from '../../evidence/evidence.ts';
import type { Evidence, PlainEvidence } from '../../evidence/evidence.ts';
import type { EvidenceRecord, RecordOf } from '../../evidence/record.ts';
import type { WireEvent } from '../../evidence/wire-event.ts';
import type { Direction } from '../../scenario/fault.ts';
import { containerText } from '../text/container-text.ts';
import { endText } from '../text/end-text.ts';
import { counted, millis } from '../text/quantity.ts';
import { visibleLine } from '../text/visible-text.ts';
import { joinConnections } from './connections.ts';
import type { ConnectionNames } from './connections.ts';
import { kindNumber, LANE, WAY } from './mark.ts';
import type { KindName, Mark } from './mark.ts';

/** Longest text of one mark. */
const MAX_TEXT_CHARACTERS = 160;

/** The attempt's marks in order of time. */
export function collectMarks(evidence: Evidence | PlainEvidence): Mark[] {
  const names = joinConnections(evidence);
  const marks = [
    ...(isPlain(evidence) ? [] : ROLES.flatMap((role) => subjectMarks(evidence, role, names))),
    ...evidence.wire.map(wireMark),
    ...evidence.records.flatMap((record) => processMark(record, evidence.records) ?? []),
  ];
  return marks.sort((a, b) => a.atMs - b.atMs);
}

function mark(atMs: number, lane: number, name: KindName, more: Partial<Mark> = {}): Mark {
  const { way = WAY.none, conn = -1, seq = -1, bytes = -1, offset = -1, text = '' } = more;
  return { atMs, lane, kind: kindNumber(name), way, conn, seq, bytes, offset, text };
}

function brief(text: string): string {
  return visibleLine(text, MAX_TEXT_CHARACTERS);
}

/** Events about bytes that leave the subject, and about bytes that reach it. */
const OUTWARD: ReadonlySet<EventName> = new Set(['sending', 'sent', 'wrote', 'shutdown']);
const INWARD: ReadonlySet<EventName> = new Set(['received', 'read', 'heard', 'eof']);

function subjectMarks(evidence: Evidence, role: Role, names: ConnectionNames): Mark[] {
  const { framing } = evidence.plan.params;
  const [outward, inward] = role === 'client' ? [WAY.upstream, WAY.downstream] : [WAY.downstream, WAY.upstream];
  const ends = new Map<string, number>();
  const placed = (name: EventName, conn: number, bytes: number): number => {
    if (name !== 'sending' && name !== 'received') return -1;
    const offset = (ends.get(`${name} ${conn}`) ?? 0) + HEADER_BYTES[framing];
    ends.set(`${name} ${conn}`, offset + bytes + TRAILER_BYTES[framing]);
    return offset;
  };
  return alignEvents(evidence.records, role).events.map(({ event, atMs }) => {
    const name = event.event;
    const conn = 'conn' in event && event.conn !== undefined ? names(role, event.conn) : -1;
    const bytes = 'bytes' in event ? event.bytes : -1;
    const way = OUTWARD.has(name) ? outward : INWARD.has(name) ? inward : WAY.none;
    const seq = 'seq' in event ? event.seq : -1;
    return mark(atMs, LANE[role], name, {
      conn,
      way,
      seq,
      bytes,
      offset: placed(name, conn, bytes),
      text: eventText(event),
    });
  });
}

function eventText(event: SubjectEvent): string {
  if (event.event === 'listening') return `port ${event.port}`;
  if (event.event !== 'failed') return '';
  return brief(`${event.code} on ${event.op}${event.message === '' ? '' : ` (${event.message})`}`);
}

/** The side of the proxy on which a direction's bytes come in, and the one on which they go out. */
const ENTRY: Readonly<Record<Direction, number>> = { upstream: LANE.proxyClient, downstream: LANE.proxyServer };
const EXIT: Readonly<Record<Direction, number>> = { upstream: LANE.proxyServer, downstream: LANE.proxyClient };

function wireMark(event: WireEvent): Mark {
  const { atMs, kind } = event;
  const conn = 'conn' in event ? event.conn : -1;
  const text = wireText(event);
  if (!('direction' in event)) {
    return mark(atMs, kind === 'dialed' || kind === 'dial-failed' ? LANE.proxyServer : LANE.proxyClient, kind, {
      conn,
      text,
    });
  }
  const { direction, offset } = event;
  const entering = kind === 'read' || kind === 'fin-read' || kind === 'rst-read';
  const bytes = 'bytes' in event ? (event.bytes ?? -1) : -1;
  return mark(atMs, (entering ? ENTRY : EXIT)[direction], kind, { conn, way: WAY[direction], offset, bytes, text });
}

function wireText(event: WireEvent): string {
  if (event.kind === 'dial-failed') return brief(`${event.code} ${event.message}`.trim());
  if (event.kind === 'dropped') return `${event.count} events lost to a slow reader`;
  if (event.kind !== 'effect') return '';
  const delay = event.delayMs === undefined ? '' : ` by ${event.delayMs} ms`;
  return brief(`${event.toxic} ${event.effect}${delay}${event.detail === undefined ? '' : ` (${event.detail})`}`);
}

function processMark(record: EvidenceRecord, records: readonly EvidenceRecord[]): Mark | null {
  if (record.kind === 'origin' || record.kind === 'event') return null;
  const text = 'role' in record ? roleText(record, records) : harnessText(record);
  return mark(record.atMs, LANE.processes, record.kind, { text: brief(text) });
}

function roleText(record: Extract<EvidenceRecord, { role: Role }>, records: readonly EvidenceRecord[]): string {
  const { kind, role } = record;
  if (kind === 'spawned') return `${role}${record.pid === null ? '' : `, process ${record.pid}`}`;
  if (kind === 'garbage') return `${role}, ${record.problem}: ${record.line}`;
  if (kind === 'flooded') return `${role}, nothing kept after ${record.limit} ${record.of}`;
  if (kind === 'signalled') return `${role} got ${record.signal} from the harness (${record.why})`;
  if (kind === 'container') return containerText(record);
  if (kind === 'overdue') return `${role} was still at work after ${record.limitMs} ms (${record.limit})`;
  if (kind === 'exited') return `${role} with ${endText(record, records)}`;
  if (kind === 'left-behind') return `${role} left ${counted(record.pids.length, 'process', 'processes')} behind`;
  if (kind === 'reading') return readingText(record);
  return kind === 'unstartable' ? `${role}: ${record.problem}` : role;
}

function readingText({ role, fds, sockets, residentBytes }: RecordOf<'reading'>): string {
  const open = Object.entries(sockets ?? {}).map(([state, number]) => `${number} ${state}`);
  const held = sockets === null ? 'sockets not counted' : open.length === 0 ? 'no socket' : open.join(' ');
  return `${role} holds ${held}, ${fds} descriptors, ${Math.round(residentBytes / 1024)} KiB`;
}

function harnessText(record: EvidenceRecord): string {
  if (record.kind === 'stalled') return `${record.process} waited ${record.lateMs.toFixed(1)} ms for a core`;
  if (record.kind === 'setup-failed') return record.problem;
  if (record.kind === 'round') return record.round;
  if (record.kind === 'clock') return clockText(record);
  if (record.kind === 'left-out') return `${counted(record.count, 'record')} more than are kept`;
  if (record.kind === 'output') return `${record.bytes} bytes: ${record.begins}`;
  return record.kind === 'interrupted' ? record.signal : '';
}

function clockText({ aheadMicros, errorMs }: RecordOf<'clock'>): string {
  return `the subjects' is ahead of the harness's by ${millis(aheadMicros / 1000)}, give or take ${millis(errorMs)}`;
}
