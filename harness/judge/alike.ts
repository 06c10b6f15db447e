/**
 * Fragmentation is invisible: every connection of a role leaves the same transcript, whatever way its bytes were cut,
 * joined and delayed.
 *
 * Owns the comparison. Digests are left out, as each connection has payloads of its own: that they are right is
 * `integrity.ts`. Of all that differ, the two whose ways are nearest are told: what parts those two is where to look.
 */
import type { Role } from '../contract/words.ts';
import type { PlannedFault } from '../scenario/fault.ts';
import { placesOfRole } from './attempt.ts';
import type { Attempt, Place } from './attempt.ts';
import { broken, brokenUnderFault, passed, untold } from './finding.ts';
import type { Finding } from './finding.ts';
import type { Side } from './side.ts';
import { stalledOut } from './stalled-out.ts';
import { counted, named } from './wording.ts';

/** One connection: the way its bytes went, as a set of single measures, and what the side told of it. */
export interface Trail {
  readonly way: ReadonlySet<string>;
  /** What was heard and what was sent; the two are told side by side, and only each by itself is in order. */
  readonly transcript: readonly string[];
}

/** The two trails that differ in their transcripts and least in their ways; null: all transcripts are the same. */
export function nearestThatDiffer<Own extends Trail>(trails: readonly Own[]): readonly [Own, Own] | null {
  const groups = [...Map.groupBy(trails, ({ transcript }) => transcript.join('\n')).values()];
  let nearest: readonly [Own, Own] | null = null;
  let least = Infinity;
  for (const [index, group] of groups.entries()) {
    for (const other of groups.slice(index + 1).flat()) {
      for (const one of group) {
        const apart = one.way.symmetricDifference(other.way).size;
        if (apart >= least) continue;
        least = apart;
        nearest = [one, other];
      }
    }
  }
  return nearest;
}

/** The finding of the expectation `alike`. */
export function alike(attempt: Attempt, role: Role): Finding[] {
  const trails = placesOfRole(attempt, role).map((place) => ({ place, ...trailOf(attempt, place) }));
  const expected = `every connection of the ${role} leaves the same transcript`;
  const say = attempt.faults.length > 0 ? brokenUnderFault : broken;
  if (trails.length < 2) return [say({ expected, actual: `the ${role} had ${counted(trails.length, 'connection')}` })];
  const pair = nearestThatDiffer(trails);
  if (pair === null) {
    const ways = new Set(trails.map(({ way }) => [...way].toSorted().join('\n'))).size;
    const actual = `all ${trails.length} do, in ${counted(ways, 'way')}`;
    // Bytes that all went the same way show nothing of another.
    if (ways < 2) return [untold('precondition-not-seen', { expected, actual })];
    return [passed({ expected, actual })];
  }
  const words = { expected, actual: differenceOf(pair), atMs: pair[1].place.side.failed?.atMs ?? null };
  const stalled = pair.some(({ place }) => stalledOut(attempt, place.connection));
  return [stalled ? untold('host-stalled', words) : say(words)];
}

function differenceOf([one, other]: readonly [Trail & { place: Place }, Trail & { place: Place }]): string {
  const at = one.transcript.findIndex((line, index) => other.transcript[index] !== line);
  const index = at === -1 ? one.transcript.length : at;
  const told = (trail: Trail): string => trail.transcript[index] ?? 'nothing more';
  return (
    `${named(one.place.side)} (${wayWords(one, other)}) told "${told(one)}" ` +
    `where ${named(other.place.side)} (${wayWords(other, one)}) told "${told(other)}"`
  );
}

/** What the one way has and the other has not. */
function wayWords(one: Trail, other: Trail): string {
  const own = [...one.way.difference(other.way)];
  if (one.way.size === 0) return 'left alone';
  return own.length === 0 ? 'nothing of its own' : own.join(', ');
}

function trailOf({ plan }: Attempt, { side, connection }: Place): Trail {
  const conn = connection.wire?.conn ?? 0;
  const own = plan.faults.filter((fault) => 'connections' in fault && (fault.connections?.includes(conn) ?? false));
  return { way: new Set(own.flatMap((fault) => measuresOf(fault))), transcript: transcriptOf(side) };
}

function measuresOf(fault: PlannedFault): string[] {
  if (fault.kind === 'fragment') {
    const every = fault.every === undefined ? [] : [`cut every ${fault.every} ${fault.direction}`];
    return [...every, ...(fault.at ?? []).map((at) => `cut at ${at} ${fault.direction}`)];
  }
  if (fault.kind === 'coalesce') return [`joined up to ${fault.bytes} ${fault.direction}`];
  if (fault.kind === 'latency') return [`delayed by ${fault.latencyMs} ms ${fault.direction}`];
  return [`${fault.kind} (${fault.id})`];
}

/** What was heard, then what was sent: which of the two came first is a matter of time. */
function transcriptOf({ received, eof, failed, sending, sent, shutdown, closed }: Side): string[] {
  return [
    ...received.map(({ event }) => `received ${event.seq}, ${event.bytes} bytes`),
    ...(failed === null ? [] : [`failed with ${failed.event.code} on ${failed.event.op}`]),
    ...sending.map(({ event }) => `sending ${event.seq}, ${event.bytes} bytes`),
    ...sent.map(({ event }) => `sent ${event.seq}`),
    ...[eof, shutdown, closed].flatMap((told) => (told === null ? [] : [told.event.event])),
  ];
}
