/**
 * Messages that reached a side whole and that it never told of: integrity, whatever way the stream was cut.
 *
 * Owns the case that leaves no wrong message behind, only a missing one. Needs the proxy's word on what it handed on.
 */
import { reaches } from './last-hop.ts';
import { couldRunIn } from './process.ts';
import type { Attempt, Place } from './attempt.ts';
import { brokenUnlessHostStalled } from './finding.ts';
import type { Finding } from './finding.ts';
import { endedMs } from './side.ts';
import { dueTo } from './streams.ts';
import { handedOnMs, towards } from './wire-connection.ts';
import { failure, inMs, named } from './wording.ts';

/** A side that has a whole message before it says so well within this, on any host that is fit to judge on. */
const PROMPTLY_MS = 200;

/** The first message that a side should have received and did not, although all of it was there in time. */
export function wholeButUnheard(attempt: Attempt, place: Place): Finding[] {
  const { side, connection, process } = place;
  const index = side.received.length;
  const wholeMs = wholeAtMs(attempt, place, index);
  if (connection.wire === null || wholeMs === null || !reaches(attempt.plan, side.role)) return [];
  const sinceMs = Math.max(wholeMs, readyMs(attempt, place, index));
  const untilMs = endedMs(side) ?? process.exited?.atMs ?? 0;
  const window = { fromMs: sinceMs, toMs: untilMs };
  if (untilMs - sinceMs <= PROMPTLY_MS || !couldRunIn(process, window)) return [];
  const end = side.failed === null ? `ended at ${inMs(untilMs)}` : failure(side.failed);
  const words = {
    expected: `${named(side)} receives message ${index}, all of which had reached it at ${inMs(wholeMs)}`,
    actual: `it never did, and ${end}`,
    atMs: wholeMs,
  };
  const excess = { window, boundMs: PROMPTLY_MS, excessMs: untilMs - sinceMs - PROMPTLY_MS };
  return [brokenUnlessHostStalled(attempt, excess, words)];
}

/** When the last byte of a message was handed to the side; null: it was not, or the side is due none. */
function wholeAtMs(attempt: Attempt, place: Place, index: number): number | null {
  const stream = attempt.scripted === null ? dueTo(attempt, place) : 'unknown';
  if (stream === 'unknown' || index >= stream.seqs.length || !attempt.wireTold) return null;
  const direction = towards(place.side.role);
  const flow = place.connection.wire?.[direction];
  const end = attempt.ledger.ends(direction, stream.seqs)[index];
  if (flow === undefined || end === undefined) return null;
  // Where only its end delimits a message, all of it is not there before that.
  if (attempt.ledger.shape.framing === 'until-end') return flow.end?.by === 'fin' ? flow.end.atMs : null;
  const begin = attempt.ledger.ends(direction, stream.seqs)[index - 1] ?? 0;
  if (isGarbled(attempt, place, { begin, end })) return null;
  return handedOnMs(flow, end - 1);
}

/** A message whose header or delimiter the plan corrupted never is whole. */
function isGarbled(attempt: Attempt, { side, connection }: Place, message: { begin: number; end: number }): boolean {
  const direction = towards(side.role);
  return attempt.faults.some((view) => {
    const { fault } = view;
    if (fault.kind !== 'corrupt' || fault.direction !== direction || view.on(connection) === null) return false;
    return fault.at >= message.begin && fault.at < message.end;
  });
}

/** From when on the side reads its message `index`: a server answers the one before first, a slow reader pauses. */
function readyMs({ plan, ledger }: Attempt, { side }: Place, index: number): number {
  const acceptedMs = side.established?.atMs ?? Infinity;
  if (side.role === 'client') return acceptedMs;
  const pausedMs = plan.workload === 'slow-reader' ? plan.params.readPauseMs : 0;
  const answeredMs = ledger.echoes && index > 0 ? (side.sent[index - 1]?.atMs ?? Infinity) : 0;
  return Math.max(acceptedMs + pausedMs, answeredMs);
}
