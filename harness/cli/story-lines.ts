/**
 * What the subjects, their processes and the wire did in an attempt, one line each, for the console.
 *
 * Owns which connection each line is about, which lines are told wherever they stand, and what repeats of a line are one.
 */
import { ROLES } from '../contract/words.ts';
import { alignEvents } from '../evidence/clock.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { EvidenceRecord } from '../evidence/record.ts';
import { provesNothing } from '../evidence/wire-event.ts';
import type { WireEvent } from '../evidence/wire-event.ts';
import { containerText } from '../report/text/container-text.ts';
import { endText } from '../report/text/end-text.ts';
import { joinConnections } from '../report/timeline/connections.ts';
import type { ConnectionNames } from '../report/timeline/connections.ts';
import { printable } from './printable.ts';

export interface Line {
  readonly atMs: number;
  readonly lane: string;
  readonly text: string;
  /** The connection, as the proxy numbers it; null: it is about none. */
  readonly conn: number | null;
  /** What a fault did, or a failure: told however far from the moment it is. */
  readonly telling: boolean;
  /** Neighbours of one kind are told as so many `repeats`; null: it stands alone. */
  readonly repeats: string | null;
}

/** What an attempt's lines are taken from. */
export type Told = Pick<Evidence, 'records' | 'wire'>;

/** Every line, in order of time. */
export function storyLines(told: Told): Line[] {
  const names = joinConnections(told);
  const lines = [...subjectLines(told.records, names), ...processLines(told.records), ...wireLines(told.wire)];
  return lines.sort((a, b) => a.atMs - b.atMs);
}

/** Signs of life and pieces of a stream come by the hundred. */
const SUBJECT_REPEATS: Readonly<Record<string, string>> = {
  heard: 'signs of life heard',
  read: 'reads',
  wrote: 'writes',
};

function subjectLines(records: readonly EvidenceRecord[], names: ConnectionNames): Line[] {
  return ROLES.flatMap((role) =>
    alignEvents(records, role).events.map(({ event, atMs }): Line => {
      const { event: name, at: _at, ...rest } = event;
      const shown = Object.entries(rest).filter(([key]) => key !== 'sha256' && key !== 'message');
      return {
        atMs,
        lane: role,
        text: printable([name, ...shown.map(([key, value]) => `${key} ${value}`)].join('  ')),
        conn: 'conn' in event && event.conn !== undefined ? names(role, event.conn) : null,
        telling: name === 'failed',
        repeats: SUBJECT_REPEATS[name] ?? null,
      };
    }),
  );
}

function processLines(records: readonly EvidenceRecord[]): Line[] {
  return records.flatMap((record): Line[] => {
    if (record.kind === 'signalled')
      return [processLine(record, `${record.signal} from the harness`, record.why === 'fault')];
    if (record.kind === 'container') return [processLine(record, containerText(record), false)];
    if (record.kind === 'exited') return [processLine(record, `exited, ${endText(record, records)}`, false)];
    return [];
  });
}

function processLine({ atMs, role }: { atMs: number; role: string }, text: string, telling: boolean): Line {
  return { atMs, lane: role, text, conn: null, telling, repeats: null };
}

/** Of a fault that bites at every byte, only the first bite is telling. */
function wireLines(wire: readonly WireEvent[]): Line[] {
  const bitten = new Set<string>();
  return wire.flatMap((event): Line[] => {
    if (!('conn' in event)) return [];
    const { atMs, conn, kind } = event;
    const line = { atMs, conn, lane: 'proxy', telling: false, repeats: null };
    if (kind === 'effect') {
      const bite = `${event.toxic} ${conn}`;
      const telling = !provesNothing(event) && !bitten.has(bite);
      if (telling) bitten.add(bite);
      const text = `${event.toxic}: ${event.effect} at byte ${event.offset} ${event.direction}`;
      return [{ ...line, text, telling, repeats: telling ? null : `more times ${event.toxic}: ${event.effect}` }];
    }
    if (!('direction' in event)) return [{ ...line, text: kind }];
    const text = `${kind} at byte ${event.offset} ${event.direction}`;
    if (!('bytes' in event)) return [{ ...line, text }];
    return [{ ...line, text: `${text}, ${event.bytes} bytes`, repeats: 'reads and writes' }];
  });
}
