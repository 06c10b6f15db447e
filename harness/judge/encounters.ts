/**
 * How each role met the other side's death in an attempt: when it noticed, when it let go, when it served again.
 *
 * Owns the measuring: what the proxy saw of it goes before the side's own word. It passes no judgement: whether a time is within its bound is asked by `detected.ts` and `settled.ts`.
 */
import type { Role } from '../contract/words.ts';
import type { Death, Encounter } from '../evidence/detection.ts';
import type { PlannedFault } from '../scenario/fault.ts';
import { placesOfRole } from './attempt.ts';
import type { Attempt, Place } from './attempt.ts';
import type { FaultView } from './fault-effects.ts';
import { closeReadMs } from './own-end.ts';
import { endsProcess, takenAway } from './process.ts';
import { endedMs } from './side.ts';
import { swallowsItsCut } from './truncation.ts';
import { roundMs } from './wording.ts';

/** One connection that met a death. */
interface Meeting {
  readonly role: Role;
  readonly death: Death;
  readonly noticedMs: number | null;
  readonly releasedMs: number | null;
  /** Undefined: none was due. */
  readonly servedMs: number | null | undefined;
}

/** Of each role and kind of death one entry: the slowest of its connections, time by time. */
export function encountersOf(attempt: Attempt): Encounter[] {
  const places = { client: placesOfRole(attempt, 'client'), server: placesOfRole(attempt, 'server') };
  const meetings = attempt.faults.flatMap((view) => meetingsOf(attempt, view, places));
  const groups = Map.groupBy(meetings, ({ role, death }) => `${role} ${death}`);
  return [...groups.values()].flatMap((group): Encounter[] => {
    const [first] = group;
    if (first === undefined) return [];
    const served = group.flatMap(({ servedMs }) => (servedMs === undefined ? [] : [servedMs]));
    return [
      {
        role: first.role,
        death: first.death,
        connections: group.length,
        unnoticed: group.filter(({ noticedMs }) => noticedMs === null).length,
        noticedMs: slowest(group.map(({ noticedMs }) => noticedMs)),
        releasedMs: slowest(group.map(({ releasedMs }) => releasedMs)),
        ...(served.length === 0 ? {} : { servedMs: slowest(served) }),
      },
    ];
  });
}

/** What never came is slower than all that did. */
function slowest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length < times.length ? null : roundMs(Math.max(...known));
}

function meetingsOf(attempt: Attempt, view: FaultView, all: Readonly<Record<Role, readonly Place[]>>): Meeting[] {
  return deathsBy(view.fault).flatMap(({ role, death }) => {
    if (takenAway(attempt[role])) return [];
    const places = all[role];
    return places
      .filter((place) => mayConcern(view.fault, place))
      .flatMap((place) => meetingOf(view, place, { attempt, role, death, places }));
  });
}

/** Sweeps have a fault for each of many connections: most pairs can be told apart by their numbers. */
function mayConcern(fault: PlannedFault, { connection: { wire } }: Place): boolean {
  if (wire === null || !('connections' in fault) || fault.connections === undefined) return true;
  return fault.connections.includes(wire.conn);
}

interface Left {
  readonly attempt: Attempt;
  readonly role: Role;
  readonly death: Death;
  /** All sides of the role, in the order of their numbers. */
  readonly places: readonly Place[];
}

/** Nothing where the fault did not bite the connection, or bit one that was over. */
function meetingOf(view: FaultView, place: Place, { attempt, role, death, places }: Left): Meeting[] {
  const { side, connection } = place;
  const span = view.on(connection);
  if (span === null || side.established === null) return [];
  const { earliestMs } = span;
  if ((endedMs(side) ?? Infinity) < earliestMs || side.established.atMs > span.latestMs) return [];
  // The proxy stamps an effect just after it, and an event may be stamped before.
  const since = (atMs: number | undefined) => (atMs === undefined ? null : Math.max(0, atMs - earliestMs));
  const endedAtMs = Math.min(side.failed?.atMs ?? Infinity, side.eof?.atMs ?? Infinity);
  const servedMs = since(servedAtMs(view, place, { attempt, role, death, places }));
  return [
    {
      role,
      death,
      // An end that makes a message of a torn one is quick, and no notice of anything.
      noticedMs: since(Number.isFinite(endedAtMs) && !swallowsItsCut(attempt, place) ? endedAtMs : undefined),
      releasedMs: since(closeReadMs(attempt, place) ?? side.closed?.atMs),
      servedMs: servedMs ?? (isServiceDue(view, place, attempt) ? null : undefined),
    },
  ];
}

/** Whether more was to come: the death did not last, and the side had neither come to its proper end nor given up. */
function isServiceDue({ fault, liftedMs }: FaultView, { side }: Place, { plan }: Attempt): boolean {
  if (side.failed === null && side.closed !== null) return false;
  if (plan.workload === 'reconnect') return spares(fault);
  // What the plan does not lift is lifted at the end, to tidy up.
  const isLifted = fault.forMs !== undefined && liftedMs !== null && RESUMES.has(fault.kind);
  return isLifted && (endedMs(side) ?? Infinity) > liftedMs;
}

/** Whether a fault leaves a later connection alone. */
function spares(fault: PlannedFault): boolean {
  if (endsProcess(fault)) return false;
  const isOfSomeOnly = 'connections' in fault && fault.connections !== undefined;
  return ENDS_CONNECTION.has(fault.kind) || fault.forMs !== undefined || isOfSomeOnly;
}

type Kinds = ReadonlySet<PlannedFault['kind']>;

/** Once lifted, the connection that met it goes on. */
const RESUMES: Kinds = new Set(['hold', 'stall', 'freeze', 'cut', 'drop']);
const ENDS_CONNECTION: Kinds = new Set(['fin', 'reset', 'kill-socket']);

/** When the role next had something whole from the other side: by a new connection, or by this one after the fault. */
function servedAtMs(view: FaultView, { side }: Place, { role, places }: Left): number | undefined {
  const afterMs = endedMs(side) ?? Infinity;
  const again = places.find(
    ({ side: other }) =>
      (other.established?.atMs ?? -Infinity) >= afterMs &&
      (role === 'server' || other.key === side.key) &&
      firstHeardMs(other, 0) !== undefined,
  );
  const { liftedMs } = view;
  const here = liftedMs === null ? undefined : firstHeardMs(side, liftedMs);
  return again === undefined ? here : firstHeardMs(again.side, 0);
}

/** When a side first had something whole, from an instant on. */
function firstHeardMs({ received, heard }: Place['side'], fromMs: number): number | undefined {
  const times = [received, heard].flatMap((events) => events.find(({ atMs }) => atMs >= fromMs)?.atMs ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

const BOTH: readonly Role[] = ['client', 'server'];

/** Whom a fault leaves alone, and how that looks to it; nothing for faults after which both sides are still there. */
function deathsBy(fault: PlannedFault): { role: Role; death: Death }[] {
  const { kind } = fault;
  if (kind === 'fin') return [{ role: receiverOf(fault), death: 'fin' }];
  if (kind === 'reset') return BOTH.map((role) => ({ role, death: 'reset' }));
  if (kind === 'kill-socket') {
    const other = { role: otherThan(fault.role), death: fault.peerTold ? 'reset' : 'silence' } as const;
    return [{ role: fault.role, death: 'reset' }, other];
  }
  if (kind === 'cut' || kind === 'drop') return BOTH.map((role) => ({ role, death: 'cut' }));
  if (kind === 'freeze') return [{ role: otherThan(fault.role), death: 'freeze' }];
  if (endsProcess(fault)) return [{ role: otherThan(fault.role), death: 'kill' }];
  if (kind !== 'hold' && kind !== 'swallow' && kind !== 'stall') return [];
  const receiver = receiverOf(fault);
  const silence = { role: receiver, death: 'silence' } as const;
  return kind === 'stall' ? [silence, { role: otherThan(receiver), death: 'stalled-reader' }] : [silence];
}

function receiverOf({ direction }: { direction: 'upstream' | 'downstream' }): Role {
  return direction === 'upstream' ? 'server' : 'client';
}

function otherThan(role: Role): Role {
  return role === 'client' ? 'server' : 'client';
}
