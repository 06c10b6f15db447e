/**
 * One role's process in one attempt: its life, what the harness did to it, and its sides of connections.
 *
 * Owns what the records tell of a process; whether that life was a good one is judged elsewhere.
 */
import { EXIT_UNSUPPORTED } from '../contract/words.ts';
import type { Role } from '../contract/words.ts';
import { alignEvents } from '../evidence/clock.ts';
import type { TimedEvent } from '../evidence/clock.ts';
import type { EvidenceRecord, RecordOf } from '../evidence/record.ts';
import type { Receipt } from '../evidence/receipt.ts';
import type { PlannedFault } from '../scenario/fault.ts';
import { sidesOf } from './side.ts';
import type { EventOf, Side } from './side.ts';
import type { Window } from './tolerance.ts';

/** Kinds of record that are about a role. */
type OwnKind = Extract<EvidenceRecord, { role: Role }>['kind'];
type OwnRecord<Kind extends OwnKind> = RecordOf<Kind>;

export interface Process {
  readonly role: Role;
  /** In the order printed. */
  readonly events: readonly TimedEvent[];
  /** How far off its stamps may be against the harness's clock. */
  readonly clockErrorMs: number;
  /** By how much every line came after its stamp at the least. */
  readonly leastDelayMs: number;
  readonly sides: readonly Side[];
  /** Failures that concern no connection: of `listen` and `accept`. */
  readonly failures: readonly EventOf<'failed'>[];
  readonly spawned: OwnRecord<'spawned'> | null;
  readonly unstartable: OwnRecord<'unstartable'> | null;
  readonly inputEnded: OwnRecord<'input-ended'> | null;
  readonly exited: OwnRecord<'exited'> | null;
  readonly garbage: readonly OwnRecord<'garbage'>[];
  readonly flooded: OwnRecord<'flooded'> | null;
  readonly overdue: readonly OwnRecord<'overdue'>[];
  readonly signalled: readonly OwnRecord<'signalled'>[];
  /** What the kernel said it held, at the moments of `reading`; null: nobody looked, or could. */
  readonly readings: Readonly<Record<'begun' | 'settled', OwnRecord<'reading'> | null>>;
  /** From when on a fault of the plan had killed it. */
  readonly killedMs: number | null;
  /** While a fault of the plan kept it frozen; without an end if it was never thawed. */
  readonly frozen: readonly Window[];
  /** It said so, in the way the contract asks for. */
  readonly unsupported: boolean;
}

/** The records and receipts of one role. */
export function processOf(
  role: Role,
  records: readonly EvidenceRecord[],
  faults: readonly PlannedFault[],
  receipts: readonly Receipt[],
): Process {
  const aligned = alignEvents(records, role);
  const all = <Kind extends OwnKind>(kind: Kind) => records.filter((record) => isOwn(record, kind, role));
  const exited = all('exited')[0] ?? null;
  const saidUnsupported = aligned.events.some((told) => told.event.event === 'unsupported');
  const signalled = all('signalled');
  return {
    role,
    events: aligned.events,
    clockErrorMs: aligned.errorMs,
    leastDelayMs: leastDelayMs(aligned.events),
    sides: sidesOf(role, aligned.events),
    failures: aligned.events.filter(
      (told): told is EventOf<'failed'> & TimedEvent => told.event.event === 'failed' && told.event.conn === undefined,
    ),
    spawned: all('spawned')[0] ?? null,
    unstartable: all('unstartable')[0] ?? null,
    inputEnded: all('input-ended')[0] ?? null,
    exited,
    garbage: all('garbage'),
    flooded: all('flooded')[0] ?? null,
    overdue: all('overdue'),
    signalled,
    readings: {
      begun: all('reading').find((record) => record.moment === 'begun') ?? null,
      settled: all('reading').find((record) => record.moment === 'settled') ?? null,
    },
    killedMs: killedMs(role, faults, receipts, signalled),
    frozen: frozenWindows(role, faults, receipts),
    unsupported: saidUnsupported && exited?.status === EXIT_UNSUPPORTED,
  };
}

function leastDelayMs(events: readonly TimedEvent[]): number {
  const leastMs = events.reduce((least, { atMs, arrivedMs }) => Math.min(least, arrivedMs - atMs), Infinity);
  return Number.isFinite(leastMs) ? Math.max(0, leastMs) : 0;
}

function isOwn<Kind extends OwnKind>(record: EvidenceRecord, kind: Kind, role: Role): record is OwnRecord<Kind> {
  return record.kind === kind && 'role' in record && record.role === role;
}

type EndOfProcess = Extract<PlannedFault, { kind: 'kill' | 'kill-container' | 'restart' }>;

/** Whether a fault ends a role's process, which nobody starts again: not even a host that comes back does. */
export function endsProcess(fault: PlannedFault): fault is EndOfProcess {
  return fault.kind === 'kill' || fault.kind === 'kill-container' || fault.kind === 'restart';
}

function killedMs(
  role: Role,
  faults: readonly PlannedFault[],
  receipts: readonly Receipt[],
  signalled: readonly OwnRecord<'signalled'>[],
): number | null {
  const kill = faults.find((fault) => endsProcess(fault) && fault.role === role);
  if (kill === undefined) return null;
  const receipt = receipts.find((candidate) => candidate.fault === kill.id);
  const signalMs = signalled.find((record) => record.why === 'fault' && record.signal === 'SIGKILL')?.atMs ?? null;
  return receipt?.delivered?.earliestMs ?? signalMs;
}

function frozenWindows(role: Role, faults: readonly PlannedFault[], receipts: readonly Receipt[]): Window[] {
  const freezes = new Set(
    faults.filter((fault) => fault.kind === 'freeze' && fault.role === role).map((fault) => fault.id),
  );
  return receipts.flatMap((receipt) => {
    if (!freezes.has(receipt.fault) || receipt.asked === null) return [];
    const toMs = receipt.lifted?.acknowledgedAtMs ?? Number.POSITIVE_INFINITY;
    return [{ fromMs: receipt.asked.atMs, toMs }];
  });
}

/** Whether the process could run all through the window: it was neither frozen nor killed in it. */
export function couldRunIn(process: Process, window: Window): boolean {
  if (process.killedMs !== null && process.killedMs <= window.toMs) return false;
  return process.frozen.every((frozen) => frozen.toMs < window.fromMs || frozen.fromMs > window.toMs);
}

/** Whether the plan's own faults took the process away for good: what it left undone is then not its doing. */
export function takenAway(process: Process): boolean {
  return process.killedMs !== null || process.frozen.some((frozen) => frozen.toMs === Number.POSITIVE_INFINITY);
}

/** Until when the process is known to have been there. */
export function lastSeenMs({ exited, events }: Process): number {
  return exited?.atMs ?? events.at(-1)?.atMs ?? 0;
}
