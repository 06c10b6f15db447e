/**
 * Played: each side plays the workload as it was asked to, no sooner, no longer silent and with no more connections.
 *
 * Owns what the parameters say of a side's own doing: CONTRACT, Parameters and Workloads. A side that leaves early or sends
 * at once would never be met by a fault that waits for it, so that nothing else might tell.
 */
import type { Role } from '../contract/words.ts';
import { HEADER_BYTES, TRAILER_BYTES } from '../contract/framing.ts';
import type { PlannedFault } from '../scenario/fault.ts';
import { placesOf } from './attempt.ts';
import type { Attempt, Place } from './attempt.ts';
import { broken, brokenUnlessHostStalled, passed, untold } from './finding.ts';
import type { Finding, Invariant } from './finding.ts';
import { breaksConnections } from './harm.ts';
import { reaches } from './last-hop.ts';
import { couldRunIn, takenAway } from './process.ts';
import { endedMs } from './side.ts';
import { towards } from './wire-connection.ts';
import { counted, inBytes, inMs, named } from './wording.ts';

export const played: Invariant = {
  name: 'played',
  statement:
    'Each side plays its workload as asked: at its pace, for its time, with its heartbeats, on its connections.',
  examine,
};

function examine(attempt: Attempt): Finding[] {
  const places = placesOf(attempt);
  const breaches = [
    ...tooManyConnections(attempt),
    ...tooManyAtATime(attempt),
    ...places.flatMap((place) => [
      ...unpaced(attempt, place),
      ...leftEarly(attempt, place),
      ...readAhead(attempt, place),
      ...withoutHeartbeats(attempt, place),
      ...untoldBytes(attempt, place),
    ]),
  ];
  if (breaches.length > 0) return breaches;
  return [passed({ expected: 'each side does what its parameters say', actual: `all ${places.length} did` })];
}

/** In `reconnect` each attempt is a connection of its own; elsewhere there are as many as were asked for. */
function tooManyConnections({ plan, client, scripted }: Attempt): Finding[] {
  const { connections } = plan.params;
  if (plan.workload === 'reconnect' || scripted === 'client' || client.sides.length <= connections) return [];
  return [
    broken({
      expected: `the client makes ${counted(connections, 'connection')}`,
      actual: `it made ${client.sides.length}`,
      atMs: client.sides[connections]?.connecting?.atMs ?? null,
    }),
  ];
}

/** In the order in which the client told of them, so that no clock matters. */
function tooManyAtATime({ plan, client, scripted }: Attempt): Finding[] {
  if (scripted === 'client') return [];
  const { concurrency } = plan.params;
  const open = new Set<number>();
  for (const { event, atMs } of client.events) {
    if (event.event === 'closed') open.delete(event.conn);
    if (event.event === 'connecting') open.add(event.conn);
    if (open.size <= concurrency) continue;
    return [
      broken({
        expected: `the client has at most ${counted(concurrency, 'connection')} at a time`,
        actual: `it had ${open.size} at ${inMs(atMs)}`,
        atMs,
      }),
    ];
  }
  return [];
}

/** One time that may be longer than asked, and not shorter. */
function tooSoon(
  attempt: Attempt,
  place: Place,
  asked: { what: string; tookMs: number; leastMs: number; atMs: number },
) {
  const { what, tookMs, leastMs, atMs } = asked;
  const slackMs = attempt.tolerance.forBound(leastMs) + place.process.clockErrorMs;
  if (leastMs === 0 || tookMs >= leastMs - slackMs) return [];
  const words = {
    expected: `${named(place.side)} ${what} no sooner than after ${inMs(leastMs)}`,
    actual: `it did after ${inMs(tookMs)}`,
    measured: { valueMs: tookMs, atLeastMs: leastMs, atMostMs: null },
    atMs,
  };
  const excess = { window: { fromMs: atMs - leastMs, toMs: atMs }, boundMs: leastMs, excessMs: leastMs - tookMs };
  // Without stamps of its own, what a process did is known by when its lines came.
  const isLate = place.side.events.some(({ event }) => event.at === undefined);
  return [isLate && attempt.tolerance.explains(excess) ? untold('host-stalled', words) : broken(words)];
}

/** The pause before each message after the first that a side originates. */
function unpaced(attempt: Attempt, place: Place): Finding[] {
  const { workload, params } = attempt.plan;
  const originates = place.side.role === (workload === 'download' ? 'server' : 'client');
  if (!originates || params.paceMs === 0) return [];
  const { sending } = place.side;
  const first = sending.slice(1).find((told, index) => {
    const gapMs = told.atMs - (sending[index]?.atMs ?? 0);
    return tooSoon(attempt, place, { what: '', tookMs: gapMs, leastMs: params.paceMs, atMs: told.atMs }).length > 0;
  });
  if (first === undefined) return [];
  const before = sending[sending.indexOf(first) - 1];
  const tookMs = first.atMs - (before?.atMs ?? 0);
  const what = `sends message ${first.event.seq} after the one before`;
  return tooSoon(attempt, place, { what, tookMs, leastMs: params.paceMs, atMs: first.atMs });
}

/** `idle`: a client stays for its time. */
function leftEarly(attempt: Attempt, place: Place): Finding[] {
  const { side, process } = place;
  if (attempt.plan.workload !== 'idle' || side.role !== 'client' || side.established === null) return [];
  const leftMs = side.shutdown?.atMs ?? (side.failed === null && side.eof === null ? side.closed?.atMs : undefined);
  if (leftMs === undefined || (process.inputEnded?.atMs ?? Infinity) <= leftMs) return [];
  const leastMs = attempt.plan.params.durationMs;
  return tooSoon(attempt, place, { what: 'leaves', tookMs: leftMs - side.established.atMs, leastMs, atMs: leftMs });
}

/** `slow-reader`: a server reads nothing for a while. */
function readAhead(attempt: Attempt, place: Place): Finding[] {
  const { side, process } = place;
  const first = side.received[0];
  if (attempt.plan.workload !== 'slow-reader' || side.role !== 'server' || first === undefined) return [];
  if (side.established === null || (process.inputEnded?.atMs ?? Infinity) <= first.atMs) return [];
  const tookMs = first.atMs - side.established.atMs;
  return tooSoon(attempt, place, { what: 'reads', tookMs, leastMs: attempt.plan.params.readPauseMs, atMs: first.atMs });
}

/** A beat that is due after one interval may be late by half of one. */
const BEAT_LATE = 1.5;

/** `idle`: bytes come from a side at least at its interval, by what the proxy took from it. */
function withoutHeartbeats(attempt: Attempt, place: Place): Finding[] {
  const { side, connection, process } = place;
  const { heartbeatMs } = attempt.plan.params;
  const flow = connection.wire?.[side.role === 'client' ? 'upstream' : 'downstream'];
  if (attempt.plan.workload !== 'idle' || heartbeatMs === 0 || side.established === null) return [];
  if (flow === undefined || !attempt.wireTold || !reaches(attempt.plan, side.role)) return [];
  // A proxy that is to break this direction may not take what was sent.
  if (attempt.plan.faults.some((fault) => breaksConnections(fault) && isFrom(side.role, fault))) return [];
  const mostMs = heartbeatMs * BEAT_LATE + attempt.tolerance.allowanceMs + process.clockErrorMs;
  let sinceMs = side.established.atMs;
  for (const atMs of [...flow.read.map((told) => told.atMs), untilMs(attempt, place)]) {
    const silentMs = atMs - sinceMs;
    const window = { fromMs: sinceMs, toMs: atMs };
    if (silentMs > mostMs && couldRunIn(process, window)) {
      const words = {
        expected: `${named(side)} sends a heartbeat every ${inMs(heartbeatMs)}`,
        actual: `the proxy had nothing from it for ${inMs(silentMs)}, from ${inMs(sinceMs)} on`,
        measured: { valueMs: silentMs, atLeastMs: null, atMostMs: heartbeatMs },
        atMs,
      };
      const excess = { window, boundMs: heartbeatMs, excessMs: silentMs - mostMs };
      return [brokenUnlessHostStalled(attempt, excess, words)];
    }
    sinceMs = Math.max(sinceMs, atMs);
  }
  return [];
}

function isFrom(role: Role, fault: PlannedFault): boolean {
  return 'direction' in fault && fault.direction !== towards(role);
}

/** Until when a side is to send heartbeats whatever happens: its own end, the other's, or the first fault. */
function untilMs({ faults }: Attempt, { side, connection, process }: Place): number {
  const bites = faults.flatMap((view) => {
    const span = breaksConnections(view.fault) ? view.on(connection) : null;
    return span === null ? [] : [span.earliestMs];
  });
  const { wire } = connection;
  const ends = [wire?.upstream, wire?.downstream].flatMap((flow) => [flow?.end, flow?.sendersEnd]);
  return Math.min(
    side.shutdown?.atMs ?? Infinity,
    side.eof?.atMs ?? Infinity,
    endedMs(side) ?? Infinity,
    process.inputEnded?.atMs ?? Infinity,
    process.exited?.atMs ?? Infinity,
    ...ends.map((end) => end?.atMs ?? Infinity),
    ...bites,
  );
}

/** A side sends no more bytes than the messages that it tells of; heartbeats belong to `idle`, an upload's reply need not be told. */
function untoldBytes(attempt: Attempt, { side, connection, process }: Place): Finding[] {
  const { workload, params } = attempt.plan;
  const { wire } = connection;
  if (wire === null || !attempt.wireTold || workload === 'idle' || takenAway(process)) return [];
  if (workload === 'upload' && side.role === 'server') return [];
  const framing = workload === 'upload' ? 'until-end' : params.framing;
  const around = HEADER_BYTES[framing] + TRAILER_BYTES[framing];
  const told = side.sending.reduce((sum, { event }) => sum + event.bytes + around, 0);
  const { read } = wire[side.role === 'client' ? 'upstream' : 'downstream'];
  const sent = read.reduce((most, piece) => Math.max(most, piece.offset + piece.bytes), 0);
  if (sent <= told) return [];
  return [
    broken({
      expected: `${named(side)} sends the ${counted(side.sending.length, 'message')} that it tells of, ${inBytes(told)} in all`,
      actual: `the proxy had ${inBytes(sent)} from it`,
      atMs: read.find((piece) => piece.offset + piece.bytes > told)?.atMs ?? null,
    }),
  ];
}
