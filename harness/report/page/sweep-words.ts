/**
 * A plan's faults in words, those of a sweep in one line.
 *
 * Owns what a sweep is to its reader: faults that are each for one connection, and told in the same words but for the place
 * in the stream.
 */
import type { PlannedFault } from '../../scenario/fault.ts';
import { count } from '../text/quantity.ts';
import { describeFault, sentence } from './fault-words.ts';

/** One fault, or a sweep, in words. */
export interface FaultLine {
  /** `f3`, `f1–f2048`; `f1…f29` where others stand between. */
  readonly ids: string;
  /** `fin × 2,048 at byte 1 to 2,048 (server → client), armed before connect, one a connection`. */
  readonly words: string;
}

export function describeFaults(faults: readonly PlannedFault[]): FaultLine[] {
  const groups = new Map<string, PlannedFault[]>();
  for (const fault of faults) {
    const key = sweepKey(fault) ?? fault.id;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [fault]);
    else group.push(fault);
  }
  return [...groups.values()].map(line);
}

/** What the faults of one sweep have in common; `null` for a fault that is of no sweep. */
function sweepKey(fault: PlannedFault): string | null {
  if (!('connections' in fault) || fault.connections?.length !== 1) return null;
  return sentence({ ...fault, at: undefined } as unknown as PlannedFault, fault.kind);
}

function line(group: readonly PlannedFault[]): FaultLine {
  const [first, last] = [group[0], group.at(-1)];
  if (first === undefined || last === undefined) throw new Error('a group of faults is never empty');
  if (first === last) return { ids: first.id, words: describeFault(first) };
  const places = group.flatMap((fault) => ('at' in fault ? (fault.at ?? []) : []));
  const own = connectionsOf(group).size === group.length ? 'one a connection' : 'each on one connection';
  const swept = { ...first, at: places.length === 0 ? undefined : span(places) } as unknown as PlannedFault;
  const words = `${sentence(swept, `${first.kind} × ${count(group.length)}`)}, ${own}`;
  const between = numberOf(last) - numberOf(first) + 1 === group.length ? '–' : '…';
  return { ids: `${first.id}${between}${last.id}`, words };
}

/** `f12` is the twelfth. */
function numberOf({ id }: PlannedFault): number {
  return Number(id.slice(1));
}

function connectionsOf(group: readonly PlannedFault[]): Set<number> {
  return new Set(group.flatMap((fault) => ('connections' in fault ? (fault.connections ?? []) : [])));
}

/** `1 to 2,048`. */
function span(places: readonly number[]): string {
  const least = places.reduce((one, other) => Math.min(one, other));
  const most = places.reduce((one, other) => Math.max(one, other));
  return least === most ? count(least) : `${count(least)} to ${count(most)}`;
}
