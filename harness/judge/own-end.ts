/**
 * When a side really closed a connection, by the end that the proxy read of it, against when it says that it did.
 *
 * Owns the two cases that no host explains: a close that two others, the proxy and the reader of its lines, both learned of
 * long after its stamp, and one that the proxy learned of only much later. A close that nobody else can time is taken on
 * the side's word.
 */
import type { Attempt, Place } from './attempt.ts';
import { broken } from './finding.ts';
import type { Finding } from './finding.ts';
import { reaches } from './last-hop.ts';
import { couldRunIn } from './process.ts';
import { heldSinceMs, isAlone, towards } from './wire-connection.ts';
import { inMs, named } from './wording.ts';

/**
 * When the proxy read the end that a side's close made: of no other end, and where nothing but the side can have kept the
 * proxy from reading it before. null: that is not known.
 */
export function closeReadMs(attempt: Attempt, { side, connection }: Place): number | null {
  const { closed, role, shutdown } = side;
  const { wire } = connection;
  if (wire === null || closed === null || shutdown !== null || !attempt.wireTold) return null;
  if (!reaches(attempt.plan, role) || !isAlone(attempt.connections, wire)) return null;
  const direction = towards(role === 'client' ? 'server' : 'client');
  // A fault there may keep the proxy from reading on.
  if (attempt.plan.faults.some((fault) => 'direction' in fault && fault.direction === direction)) return null;
  const flow = wire[direction];
  const endMs = flow.sendersEnd?.atMs ?? null;
  // So may a receiver that takes no more; and what is read after a close was not read in time.
  if (endMs === null || flow.read.some(({ atMs }) => atMs > closed.atMs)) return null;
  return heldSinceMs(flow, closed.atMs) === null && heldSinceMs(flow, endMs) === null ? endMs : null;
}

/** By how much both a line and the end may come after the stamp, stalls aside; lines pass an engine in containers. */
const BOTH_LATE_MS = { local: 100, docker: 400, compose: 400 } as const;

/** A proxy that runs reads an end within this. */
const READ_WITHIN_MS = 1000;

export function closedLater(attempt: Attempt, place: Place): Finding[] {
  const { closed } = place.side;
  const endMs = closeReadMs(attempt, place);
  if (closed === null || endMs === null) return [];
  const { leastDelayMs, clockErrorMs } = place.process;
  const stampMs = closed.atMs + leastDelayMs + clockErrorMs + attempt.wireErrorMs;
  const lateMs = endMs - stampMs;
  const bothMs = Math.min(lateMs, closed.arrivedMs - stampMs);
  const isLate = isBeyond(attempt, place, bothMs, BOTH_LATE_MS[attempt.plan.cell]);
  if (!isLate && !isBeyond(attempt, place, lateMs, READ_WITHIN_MS)) return [];
  return [
    broken({
      expected: `${named(place.side)} says that it is closed when it is`,
      actual: `it did at ${inMs(closed.atMs)}, in a line that came at ${inMs(closed.arrivedMs)}; the proxy read its end at ${inMs(endMs)}`,
      measured: {
        valueMs: lateMs,
        atLeastMs: null,
        atMostMs: isLate ? BOTH_LATE_MS[attempt.plan.cell] : READ_WITHIN_MS,
      },
      atMs: closed.atMs,
    }),
  ];
}

function isBeyond({ tolerance }: Attempt, { side, process }: Place, lateMs: number, boundMs: number): boolean {
  if (lateMs <= boundMs + tolerance.forBound(boundMs)) return false;
  const fromMs = side.closed?.atMs ?? 0;
  const window = { fromMs, toMs: fromMs + lateMs };
  return couldRunIn(process, window) && !tolerance.explains({ window, boundMs, excessMs: lateMs - boundMs });
}
