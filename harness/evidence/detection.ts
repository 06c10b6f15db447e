/**
 * How long each subject takes to notice the death of the other side, by kind of death: a table of its own in `run.json`.
 *
 * Owns the schemas and the putting together of many attempts; what happened in one attempt is measured in `judge`.
 */
import * as v from 'valibot';

import { ROLES } from '../contract/words.ts';
import type { Role } from '../contract/words.ts';
import type { VerdictWord } from './verdict.ts';

/** Ways in which the other side goes, as the side that is left sees them. */
export const DEATHS = ['fin', 'reset', 'silence', 'stalled-reader', 'freeze', 'kill', 'cut'] as const;
export type Death = (typeof DEATHS)[number];

const ms = v.nullable(v.number());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/**
 * One role and one kind of death in one attempt. Times count from the fault's first effect; of several connections the
 * slowest counts. Null: it never came, and nothing is slower than that.
 */
export const encounterSchema = v.object({
  role: v.picklist(ROLES),
  death: v.picklist(DEATHS),
  /**
   * Connections that met it, and those of them on which neither a failure nor an end was ever told, or a torn message was
   * taken for a whole one or for a clean end.
   */
  connections: count,
  unnoticed: count,
  /** To the failure, or the end, that was told. */
  noticedMs: ms,
  /** To `closed`. */
  releasedMs: ms,
  /**
   * To the first whole message or heartbeat on a later connection, or on this one once the fault was lifted. Absent: none
   * was due, because the death lasted or there was nothing more to do.
   */
  servedMs: v.optional(ms),
});
export type Encounter = v.InferOutput<typeof encounterSchema>;

/** The times of the attempts in which it came, so many; of the median alone those in which it never did are part. Null: it is one of these. */
const spreadSchema = v.object({ count, leastMs: v.number(), medianMs: ms, mostMs: v.number() });
export type Spread = v.InferOutput<typeof spreadSchema>;

export const detectionRowSchema = v.object({
  subject: v.string(),
  role: v.picklist(ROLES),
  death: v.picklist(DEATHS),
  /**
   * Attempts in which it was met, those in which some connection told of nothing, those in which one was never let go, and
   * those in which one was due to be served again and never was.
   */
  met: count,
  unnoticed: count,
  unreleased: count,
  unserved: count,
  /** Null: it came in none. */
  noticed: v.nullable(spreadSchema),
  released: v.nullable(spreadSchema),
  served: v.nullable(spreadSchema),
});
export type DetectionRow = v.InferOutput<typeof detectionRowSchema>;

/** What a result tells of the deaths that its subjects met. */
export interface Witness {
  readonly server: string;
  readonly client: string;
  readonly verdict: VerdictWord;
  readonly encounters?: readonly Encounter[] | undefined;
}

/** A row for each subject, role and kind of death, in that order. Attempts that prove nothing are left out. */
export function detectionTable(results: readonly Witness[]): DetectionRow[] {
  const met = results
    .filter(({ verdict }) => verdict === 'pass' || verdict === 'fail')
    .flatMap((result) => (result.encounters ?? []).map((each) => ({ subject: result[each.role], ...each })));
  const groups = Map.groupBy(met, ({ subject, role, death }) => JSON.stringify([subject, role, death]));
  return [...groups.values()].flatMap((group) => rowOf(group)).toSorted(inOrder);
}

type Met = Encounter & { readonly subject: string };

function rowOf(group: readonly Met[]): DetectionRow[] {
  const [first] = group;
  if (first === undefined) return [];
  const { subject, role, death } = first;
  const noticed = group.map(({ noticedMs }) => noticedMs);
  const released = group.map(({ releasedMs }) => releasedMs);
  const served = group.flatMap(({ servedMs }) => (servedMs === undefined ? [] : [servedMs]));
  return [
    {
      subject,
      role,
      death,
      met: group.length,
      unnoticed: group.filter(({ unnoticed }) => unnoticed > 0).length,
      unreleased: neverIn(released),
      unserved: neverIn(served),
      noticed: spreadOf(noticed),
      released: spreadOf(released),
      served: spreadOf(served),
    },
  ];
}

function neverIn(times: readonly (number | null)[]): number {
  return times.filter((time) => time === null).length;
}

function spreadOf(times: readonly (number | null)[]): Spread | null {
  const known = times.filter((time) => time !== null).toSorted((one, other) => one - other);
  const [leastMs, mostMs] = [known[0], known.at(-1)];
  if (leastMs === undefined || mostMs === undefined) return null;
  return { count: known.length, leastMs, medianMs: known[Math.floor((times.length - 1) / 2)] ?? null, mostMs };
}

function inOrder(one: DetectionRow, other: DetectionRow): number {
  return (
    Number(one.subject > other.subject) - Number(one.subject < other.subject) ||
    orderOf(one.role) - orderOf(other.role) ||
    DEATHS.indexOf(one.death) - DEATHS.indexOf(other.death)
  );
}

function orderOf(role: Role): number {
  return ROLES.indexOf(role);
}
