/**
 * `events.jsonl`: what the harness saw of the subjects, one record a line, in order of arrival.
 *
 * Owns the schema. Times are milliseconds since the attempt began, on the harness's monotonic clock; an event's own
 * stamp (`event.at`) is on its process's clock, see `clock.ts`.
 */
import * as v from 'valibot';

import { subjectEventSchema } from '../contract/event.ts';
import { ROLES } from '../contract/words.ts';

/** Runs of a plain client: without faults, the same once more; under the faults, and once they are lifted. */
export const ROUNDS = ['control', 'control-again', 'fault', 'after'] as const;
export type Round = (typeof ROUNDS)[number];

/** What an engine can have confirmed of a subject's container. */
export const CONTAINER_STATES = ['paused', 'running', 'detached', 'attached', 'killed'] as const;
export type ContainerState = (typeof CONTAINER_STATES)[number];

const record = <Kind extends string, Entries extends v.ObjectEntries>(kind: Kind, entries: Entries) =>
  v.object({ kind: v.literal(kind), atMs: v.number(), ...entries });
const role = v.picklist(ROLES);

export const recordSchema = v.variant('kind', [
  /** First record: where the attempt's zero lies on CLOCK_MONOTONIC, in microseconds. */
  record('origin', { monotonicMicros: v.number() }),
  /** The subjects ran on another machine, whose CLOCK_MONOTONIC was ahead of the harness's by this, give or take the error. */
  record('clock', { aheadMicros: v.number(), errorMs: v.number() }),
  record('spawned', { role, pid: v.nullable(v.number()), command: v.array(v.string()) }),
  record('event', { role, event: subjectEventSchema }),
  /** A line that is no event; `line` is its beginning. */
  record('garbage', { role, line: v.string(), problem: v.string() }),
  /** The subject wrote more than the harness keeps; the rest is not recorded. */
  record('flooded', { role, limit: v.number(), of: v.picklist(['bytes', 'lines']) }),
  record('input-ended', { role }),
  /** The harness sent a signal: for a fault, or because a limit was passed. */
  record('signalled', { role, signal: v.string(), why: v.picklist(['fault', 'lift', 'overdue', 'flood', 'cleanup']) }),
  /** The engine confirmed what was done to the role's container; a signal beside it was recorded when it was asked for. */
  record('container', { role, state: v.picklist(CONTAINER_STATES) }),
  /** A limit of the plan passed while this role was still at work. */
  record('overdue', { role, limit: v.picklist(['start', 'exchange', 'grace']), limitMs: v.number() }),
  record('exited', {
    role,
    status: v.nullable(v.number()),
    signal: v.nullable(v.string()),
    /** The kernel killed it for want of memory. */
    outOfMemory: v.optional(v.boolean()),
  }),
  /** Plain subjects: the client's next run begins. */
  record('round', { round: v.picklist(ROUNDS) }),
  /** Plain subjects: all that a client printed on standard output in its last run. `begins`: its first characters. */
  record('output', { round: v.picklist(ROUNDS), bytes: v.number(), sha256: v.string(), begins: v.string() }),
  /** Descendants that outlived a process; the harness ended them. */
  record('left-behind', { role, pids: v.array(v.number()) }),
  /** The process could not be started at all. */
  record('unstartable', { role, problem: v.string() }),
  /** A process was ready to run and had to wait this long for a core: the harness by its own timer, the others by their kernel's count. */
  record('stalled', { process: v.picklist(['harness', 'proxy', ...ROLES]), lateMs: v.number() }),
  /** What the kernel said a subject held: when it began, and when the exchange was over and its input still open. */
  record('reading', {
    role,
    moment: v.picklist(['begun', 'settled']),
    /** How long taking it took: it stands for some instant in this time before the record. */
    tookMs: v.number(),
    /** Network sockets by state, as `ss` names them, `socket` where that was not looked up. None of a client that begins. */
    sockets: v.record(v.string(), v.number()),
    fds: v.number(),
    residentBytes: v.number(),
    /** The most it has had in memory at any time until then. */
    peakBytes: v.optional(v.number()),
    /** Time on a core since its start. */
    cpuMs: v.number(),
    /** Time for which that of its threads that wanted a core most was ready to run and waited for one. */
    waitedMs: v.optional(v.number()),
  }),
  /** The harness or its proxy failed; the run proves nothing. */
  record('setup-failed', { problem: v.string(), remedy: v.string() }),
  /** More came than is kept; so many events are missing. */
  record('left-out', { count: v.number() }),
  /** The user interrupted the run. */
  record('interrupted', { signal: v.string() }),
  /** Last record: the attempt was carried through and every process is gone. */
  record('finished', {}),
]);
export type EvidenceRecord = v.InferOutput<typeof recordSchema>;
export type RecordOf<Kind extends EvidenceRecord['kind']> = Extract<EvidenceRecord, { kind: Kind }>;
