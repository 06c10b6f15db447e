/**
 * What cannot be true of the harness's own records of an attempt, whatever the subjects did.
 *
 * Owns their times, their places and their numbers; which of them are missing is `soundness.ts`. What a subject says of
 * itself inside an `event` is its own word, and judged as such.
 */
import { ROLES } from '../contract/words.ts';
import type { Role } from '../contract/words.ts';
import type { EvidenceRecord, RecordOf } from '../evidence/record.ts';
import { inMs } from './wording.ts';

type Records = readonly EvidenceRecord[];

/** Every timer of the harness fits 32 bits, and so does every attempt. */
const MOST_MS = 2 ** 31 - 1;
/** No machine of today can have more memory: 64 TiB. Nor more descriptors than bytes. */
const MOST_BYTES = 2 ** 46;
/** No machine of today has more of them. */
const MOST_CORES = 4096;

/** The first thing that cannot be; null: all of it can. */
export function impossibleRecord(records: Records, lives: 'one' | 'many'): string | null {
  return impossibleTime(records) ?? impossiblePlace(records) ?? impossibleLife(records, lives) ?? absurd(records);
}

/** Each record is stamped as it is written, on one clock that never goes back. */
function impossibleTime(records: Records): string | null {
  let lastMs = 0;
  for (const { kind, atMs } of records) {
    if (!(atMs >= lastMs)) return `the record of ${kind} at ${inMs(atMs)} comes after one at ${inMs(lastMs)}`;
    if (atMs > MOST_MS) return `the record of ${kind} is ${inMs(atMs)} after the beginning`;
    lastMs = atMs;
  }
  const [first] = records;
  return first !== undefined && lastMs === first.atMs ? 'no time passes between its beginning and its end' : null;
}

/** These stand for the attempt as a whole. */
const ONCE = ['origin', 'clock', 'finished'] as const;
/** What the end of the attempt leaves nobody to do. */
const NOT_AFTER_END: ReadonlySet<EvidenceRecord['kind']> = new Set(['spawned', 'round', 'reading', 'input-ended']);

function impossiblePlace(records: Records): string | null {
  if (records[0]?.kind !== 'origin') return 'the record of its beginning is not the first';
  const twice = ONCE.find((kind) => records.filter((record) => record.kind === kind).length > 1);
  if (twice !== undefined) return `there are two records of ${twice}`;
  const end = records.findIndex(({ kind }) => kind === 'finished');
  const after = end === -1 ? undefined : records.slice(end).find(({ kind }) => NOT_AFTER_END.has(kind));
  return after === undefined ? null : `the record of its end comes before one of ${after.kind}`;
}

/** Only a process that runs can do something: these are about one that was started. */
const OF_THE_LIVING: ReadonlySet<EvidenceRecord['kind']> = new Set(['event', 'garbage', 'flooded', 'reading']);

/** A role is started, then exits. A plain client does so once in each round, every other only once. */
function impossibleLife(records: Records, lives: 'one' | 'many'): string | null {
  const starts: Record<Role, number> = { server: 0, client: 0 };
  const ends: Record<Role, number> = { server: 0, client: 0 };
  for (const record of records) {
    if (!('role' in record)) continue;
    const { role, kind } = record;
    if (kind === 'spawned') {
      starts[role] += 1;
      if (starts[role] - ends[role] > 1) return `the ${role} is started while it runs`;
      if (starts[role] > 1 && (lives === 'one' || role === 'server')) return `the ${role} is started twice`;
    }
    if (kind === 'exited') {
      ends[role] += 1;
      if (ends[role] > starts[role]) return `the ${role} exits without running`;
    }
    if (!OF_THE_LIVING.has(kind)) continue;
    if (starts[role] === 0) return `there is a record of ${kind} before the ${role}'s start`;
    // Its exit is recorded once all that it printed has been read.
    if (ends[role] === starts[role]) return `there is a record of ${kind} after the ${role}'s end`;
  }
  const endless = ROLES.find((role) => ends[role] < starts[role]);
  return endless === undefined ? null : `the ${endless} is started and never exits`;
}

/** Numbers that nothing on this earth can have. */
function absurd(records: Records): string | null {
  const read = new Set<string>();
  for (const record of records) {
    if (record.kind === 'stalled' && !isWithin(record.lateMs, MOST_MS))
      return `a stall of ${record.lateMs} ms at ${inMs(record.atMs)}`;
    if (record.kind === 'clock' && !(isWithin(record.errorMs, MOST_MS) && Number.isSafeInteger(record.aheadMicros)))
      return `a clock that is ${record.aheadMicros} µs ahead, give or take ${record.errorMs} ms`;
    if (record.kind !== 'reading') continue;
    const problem = absurdReading(record);
    if (problem !== null) return `the ${record.role} held ${problem} at ${inMs(record.atMs)}`;
    const name = `${record.role}/${record.moment}`;
    if (read.has(name)) return `what the ${record.role} held was read twice (${record.moment})`;
    read.add(name);
  }
  return null;
}

function absurdReading(reading: RecordOf<'reading'>): string | null {
  const { sockets, fds, residentBytes, peakBytes = 0, cpuMs, waitedMs = 0, tookMs, atMs } = reading;
  const count = [fds, residentBytes, peakBytes, ...Object.values(sockets)].find((each) => !isWithin(each, MOST_BYTES));
  if (count !== undefined) return `${count} of something`;
  if (!isWithin(cpuMs, atMs * MOST_CORES)) return `${cpuMs} ms on a core`;
  if (!isWithin(waitedMs, MOST_MS)) return `${waitedMs} ms of waiting for a core`;
  return isWithin(tookMs, atMs) ? null : `it for ${tookMs} ms`;
}

/** False also for what is no number. */
function isWithin(value: number, most: number): boolean {
  return value >= 0 && value <= most;
}
