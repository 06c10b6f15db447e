/**
 * Brings the stamps of a subject's process to the harness's clock.
 *
 * Owns the alignment of DESIGN, Subjects and cells: the least difference between stamp and arrival, exact where both
 * are the same CLOCK_MONOTONIC, or to within the error with which one was read against the other. Pure.
 */
import type { Role } from '../contract/words.ts';
import type { EvidenceRecord, RecordOf } from './record.ts';

/** How early a stamp of another clock may be: what a pipe and a busy reader take at the least is not known. */
const OTHER_CLOCK_ERROR_MS = 50;

/** One subject event with the instant it happened, as well as that is known. */
export interface TimedEvent {
  readonly role: Role;
  readonly event: RecordOf<'event'>['event'];
  /** When it happened, in milliseconds since the attempt began. */
  readonly atMs: number;
  /** When its line reached the harness. */
  readonly arrivedMs: number;
}

/** A role's events in order, and how far off `atMs` may be. */
export interface AlignedEvents {
  readonly events: readonly TimedEvent[];
  /** `atMs` may be early by up to this: 0 on a shared clock, the error of the reading on one that was read, unknown pipe delay otherwise. */
  readonly errorMs: number;
}

/** Every part of a verdict and of a report asks for them; records that have grown since are others. */
const known = new WeakMap<
  readonly EvidenceRecord[],
  Map<Role, { readonly of: number; readonly aligned: AlignedEvents }>
>();

/**
 * Aligns one role's events.
 *
 * @param records the attempt's records, in order of arrival
 * @param role whose events
 */
export function alignEvents(records: readonly EvidenceRecord[], role: Role): AlignedEvents {
  const byRole = known.get(records) ?? new Map<Role, { of: number; aligned: AlignedEvents }>();
  known.set(records, byRole);
  const last = byRole.get(role);
  if (last !== undefined && last.of === records.length) return last.aligned;
  const aligned = align(records, role);
  byRole.set(role, { of: records.length, aligned });
  return aligned;
}

function align(records: readonly EvidenceRecord[], role: Role): AlignedEvents {
  const origin = records.find((record): record is RecordOf<'origin'> => record.kind === 'origin');
  const arrivals = records.filter(
    (record): record is RecordOf<'event'> => record.kind === 'event' && record.role === role,
  );
  const stamped = arrivals.filter((record) => record.event.at !== undefined);
  if (origin === undefined || stamped.length === 0 || stamped.length < arrivals.length) {
    return { events: arrivals.map((record) => timed(record, record.atMs)), errorMs: 0 };
  }
  const clock = records.find((record): record is RecordOf<'clock'> => record.kind === 'clock');
  const readMs = clock?.errorMs ?? 0;
  const originMs = (origin.monotonicMicros + (clock?.aheadMicros ?? 0)) / 1000;
  const delaysMs = stamped.map((record) => record.atMs - ((record.event.at ?? 0) / 1000 - originMs));
  const leastMs = delaysMs.reduce((least, delayMs) => Math.min(least, delayMs), Number.POSITIVE_INFINITY);
  const firstMs = (stamped[0]?.event.at ?? 0) / 1000 - originMs;
  // Between the attempt's beginning and its arrival: no other clock, counting from another boot, would fall in there.
  const shared = firstMs >= -readMs && leastMs >= -readMs;
  const shiftMs = shared ? 0 : leastMs;
  return {
    events: arrivals.map((record) => timed(record, (record.event.at ?? 0) / 1000 - originMs + shiftMs)),
    errorMs: shared ? readMs : OTHER_CLOCK_ERROR_MS,
  };
}

function timed(record: RecordOf<'event'>, atMs: number): TimedEvent {
  return { role: record.role, event: record.event, atMs, arrivedMs: record.atMs };
}
