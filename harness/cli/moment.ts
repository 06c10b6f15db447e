/**
 * A small time line around one moment of an attempt, for the console: what the subjects and the wire did just then.
 */
import { alignEvents } from '../evidence/clock.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { EvidenceRecord } from '../evidence/record.ts';
import type { WireEvent } from '../evidence/wire-event.ts';
import { endText } from '../report/text/end-text.ts';
import { printable } from './printable.ts';

/** Lines before the moment, and after it. */
const BEFORE = 6;
const AFTER = 3;
/** An instant is rounded on its way here. */
const SAME_MS = 0.06;

interface Line {
  readonly atMs: number;
  readonly lane: string;
  readonly text: string;
}

/** A line, and whether it is what happened at the moment itself. */
export interface MomentLine {
  readonly text: string;
  readonly isMoment: boolean;
}

/** The lines nearest to an instant, in order; `atMs` in milliseconds since the attempt began. */
export function momentLines({ records, wire }: Pick<Evidence, 'records' | 'wire'>, atMs: number): MomentLine[] {
  const lines = [...subjectLines(records), ...processLines(records), ...wireLines(wire)].sort(
    (a, b) => a.atMs - b.atMs,
  );
  const after = lines.findIndex((line) => line.atMs > atMs);
  const middle = after === -1 ? lines.length : after;
  const shown = lines.slice(Math.max(0, middle - BEFORE), middle + AFTER);
  return shown.map((line) => {
    const isMoment = line.lane !== 'proxy' && Math.abs(line.atMs - atMs) < SAME_MS;
    const when = `${line.atMs.toFixed(1)} ms`.padStart(12);
    return { text: `  ${isMoment ? '▸' : ' '} ${when}  ${line.lane.padEnd(7)} ${line.text}`, isMoment };
  });
}

function subjectLines(records: readonly EvidenceRecord[]): Line[] {
  return (['client', 'server'] as const).flatMap((role) =>
    alignEvents(records, role).events.map(({ event, atMs }) => {
      const { event: name, at: _at, ...rest } = event;
      const shown = Object.entries(rest).filter(([key]) => key !== 'sha256' && key !== 'message');
      return {
        atMs,
        lane: role,
        text: printable([name, ...shown.map(([key, value]) => `${key} ${value}`)].join('  ')),
      };
    }),
  );
}

function processLines(records: readonly EvidenceRecord[]): Line[] {
  return records.flatMap((record) => {
    if (record.kind === 'signalled')
      return [{ atMs: record.atMs, lane: record.role, text: `${record.signal} from the harness` }];
    if (record.kind === 'exited')
      return [{ atMs: record.atMs, lane: record.role, text: `exited, ${endText(record, records)}` }];
    return [];
  });
}

function wireLines(wire: readonly WireEvent[]): Line[] {
  return wire.flatMap((event) => {
    if (event.kind === 'effect')
      return [
        {
          atMs: event.atMs,
          lane: 'proxy',
          text: `${event.toxic}: ${event.effect} at byte ${event.offset} ${event.direction}`,
        },
      ];
    if (!('direction' in event)) return [];
    const bytes = 'bytes' in event ? `, ${event.bytes} bytes` : '';
    return [
      { atMs: event.atMs, lane: 'proxy', text: `${event.kind} at byte ${event.offset} ${event.direction}${bytes}` },
    ];
  });
}
