/**
 * Ends that a side was handed while it waited to receive are told at once.
 *
 * Owns that part of the invariant `settled`: an end needs no deadline to be noticed by.
 */
import type { Workload } from '../contract/words.ts';
import type { Attempt, Place } from './attempt.ts';
import { brokenUnlessHostStalled } from './finding.ts';
import type { Finding } from './finding.ts';
import { reaches } from './last-hop.ts';
import { couldRunIn } from './process.ts';
import { towards } from './wire-connection.ts';
import { inMs, named } from './wording.ts';

/** A kernel wakes who waits in no time; well above what a busy host adds. */
const TOLD_WITHIN_MS = 500;

/** Workloads in which a role waits to receive whenever it has nothing to answer. */
const READS: Readonly<Record<'client' | 'server', ReadonlySet<Workload>>> = {
  client: new Set(['idle', 'download']),
  server: new Set(['connect', 'echo', 'pipeline', 'reconnect', 'idle']),
};

/** Whether a side that was handed an end had nothing else to do than to read it; still at its answer, it may not have. */
function isReading({ plan, wireTold }: Attempt, { side }: Place): boolean {
  if (!wireTold || !READS[side.role].has(plan.workload) || !reaches(plan, side.role)) return false;
  return side.established !== null && (side.role === 'client' || side.sent.length >= side.received.length);
}

export function endsNotTaken(attempt: Attempt, place: Place): Finding[] {
  const { side, connection, process } = place;
  const end = connection.wire?.[towards(side.role)].end ?? null;
  if (end === null || !isReading(attempt, place)) return [];
  const busyMs = [side.established, side.received.at(-1), side.sent.at(-1)].map((event) => event?.atMs ?? 0);
  const toldMs = [side.eof, side.failed, side.closed].map((event) => event?.atMs ?? Infinity);
  return late(attempt, place, {
    fromMs: Math.max(end.atMs, ...busyMs),
    toMs: Math.min(...toldMs, process.inputEnded?.atMs ?? Infinity, process.exited?.atMs ?? Infinity),
    mostMs: TOLD_WITHIN_MS,
    expected: `${named(side)} tells of the ${end.by === 'fin' ? 'end' : 'reset'} that reached it at ${inMs(end.atMs)}`,
  });
}

interface Delay {
  readonly fromMs: number;
  readonly toMs: number;
  readonly mostMs: number;
  readonly expected: string;
}

function late(attempt: Attempt, { process }: Place, { fromMs, toMs, mostMs, expected }: Delay): Finding[] {
  const { tolerance } = attempt;
  const tookMs = toMs - fromMs;
  if (!Number.isFinite(toMs) || tookMs <= mostMs + tolerance.forBound(mostMs) + process.clockErrorMs) return [];
  const window = { fromMs, toMs };
  if (!couldRunIn(process, window)) return [];
  const words = {
    expected: `${expected}, at most ${inMs(mostMs)} later`,
    actual: `it had not ${inMs(tookMs)} later`,
    measured: { valueMs: tookMs, atLeastMs: null, atMostMs: mostMs },
    atMs: toMs,
  };
  return [brokenUnlessHostStalled(attempt, { window, boundMs: mostMs, excessMs: tookMs - mostMs }, words)];
}
