/**
 * Contract: what a subject prints are the contract's events, in an order that can be true.
 *
 * Owns what a process prints as a whole, and when; each connection's own order is `connection-order.ts`, whether it closed
 * when it says so `own-end.ts`; payloads are judged elsewhere.
 */
import type { EventName } from '../contract/event.ts';
import type { Role } from '../contract/words.ts';
import type { TimedEvent } from '../evidence/clock.ts';
import { placesOf } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { untoldConnections } from './both-ends.ts';
import { wrongNumbers } from './connection-numbers.ts';
import { broken, passed, untold } from './finding.ts';
import type { Finding, Invariant } from './finding.ts';
import { closedLater } from './own-end.ts';
import type { Process } from './process.ts';
import { wrongOrder } from './connection-order.ts';
import { couldRunIn } from './process.ts';
import { counted, harnessEnd, inMs } from './wording.ts';

export const keptContract: Invariant = {
  name: 'contract',
  statement: 'A subject prints the events of the contract and nothing else, in an order that can be true.',
  examine,
};

/** Events that only one of the roles has. */
const ONLY: Readonly<Partial<Record<EventName, Role>>> = {
  connecting: 'client',
  connected: 'client',
  done: 'client',
  accepted: 'server',
  listening: 'server',
};

function examine(attempt: Attempt): Finding[] {
  const { server, client, plan } = attempt;
  const ofProcesses = [server, client].flatMap((process) => [
    ...unreadable(process),
    ...wrongStamps(attempt, process),
    ...wrongRole(process),
    ...wrongNumbers(process),
    ...wrongProcessOrder(process),
    ...notDone(process, plan.params.connections),
    ...tooFew(process, plan.params.connections),
    ...process.sides.flatMap((side) => wrongOrder(side)),
  ]);
  const breaches = [
    ...ofProcesses,
    ...untoldConnections(attempt),
    ...placesOf(attempt).flatMap((place) => closedLater(attempt, place)),
  ];
  if (breaches.length > 0) return breaches;
  const events = server.events.length + client.events.length;
  return [
    passed({ expected: 'events of the contract, in its order', actual: `${counted(events, 'event')}, all in order` }),
  ];
}

function unreadable(process: Process): Finding[] {
  // A process that is killed may be in the middle of a line.
  const [first] = process.garbage.filter(({ atMs }) => process.killedMs === null || atMs < process.killedMs);
  const garbage =
    first === undefined
      ? []
      : [
          broken({
            expected: `each line of the ${process.role}'s standard output is an event`,
            actual: `${counted(process.garbage.length, 'line')} ${process.garbage.length === 1 ? 'is' : 'are'} not; the first, at ${inMs(first.atMs)}: ${JSON.stringify(first.line.slice(0, 120))} (${first.problem})`,
            atMs: first.atMs,
          }),
        ];
  if (process.flooded === null) return garbage;
  const ended = harnessEnd(process);
  return [
    ...garbage,
    broken({
      expected: `the ${process.role} prints no more than the contract's events`,
      actual: `it had printed ${process.flooded.limit} ${process.flooded.of} at ${inMs(process.flooded.atMs)}${ended === null ? '' : `; ${ended}`}`,
      atMs: process.flooded.atMs,
    }),
  ];
}

/** Where the clock is wrong, how late a line came cannot be said. */
function wrongStamps(attempt: Attempt, process: Process): Finding[] {
  const findings = wrongClock(process);
  return findings.length > 0 ? findings : lateLines(attempt, process);
}

/** `at` never goes back, and a process either has a clock or has none. */
function wrongClock({ role, events }: Process): Finding[] {
  let lastAt = Number.NEGATIVE_INFINITY;
  let stamped: boolean | null = null;
  for (const { event, arrivedMs } of events) {
    const has = event.at !== undefined;
    const at = event.at ?? lastAt;
    if (at < lastAt || (stamped !== null && stamped !== has)) {
      const actual =
        stamped !== null && stamped !== has
          ? 'some events have none'
          : `${event.event} went back by ${inMs((lastAt - at) / 1000)}`;
      return [
        broken({
          expected: `the ${role}'s stamps never go back`,
          actual: `${actual}, at ${inMs(arrivedMs)}`,
          atMs: arrivedMs,
        }),
      ];
    }
    lastAt = at;
    stamped = has;
  }
  return [];
}

/** How long after its stamp a line may come, stalls aside: what a deadline is held to hangs on the stamp being true. */
const LATE_LINE_MS = { local: 250, docker: 1000, compose: 1000 } as const;

/** This much beyond is no host's doing. */
const TOO_LATE_MS = 1000;

/** Each event is printed, and flushed, when it happens (CONTRACT, Output). Before the first connection nothing is timed. */
function lateLines({ plan, tolerance }: Attempt, process: Process): Finding[] {
  const boundMs = LATE_LINE_MS[plan.cell];
  const late = process.events.filter(({ event, atMs, arrivedMs }) => {
    const window = { fromMs: atMs, toMs: arrivedMs };
    const excessMs = arrivedMs - atMs - boundMs;
    if (!('conn' in event) || excessMs <= 0 || !couldRunIn(process, window)) return false;
    return !tolerance.explains({ window, boundMs, excessMs });
  });
  const [worst] = late.toSorted((one, other) => other.arrivedMs - other.atMs - (one.arrivedMs - one.atMs));
  if (worst === undefined) return [];
  const valueMs = worst.arrivedMs - worst.atMs;
  const words = {
    expected: `the ${process.role} prints each event at once`,
    actual: `${worst.event.event}, stamped ${inMs(worst.atMs)}, came at ${inMs(worst.arrivedMs)}`,
    measured: { valueMs, atLeastMs: null, atMostMs: boundMs },
    atMs: worst.atMs,
  };
  return [valueMs > boundMs + TOO_LATE_MS ? broken(words) : untold('host-stalled', words)];
}

function wrongRole({ role, events }: Process): Finding[] {
  const foreign = events.find(({ event }) => (ONLY[event.event] ?? role) !== role);
  if (foreign === undefined) return [];
  return [
    broken({
      expected: `the ${role} prints events of its role`,
      actual: `it printed ${foreign.event.event} at ${inMs(foreign.atMs)}`,
      atMs: foreign.atMs,
    }),
  ];
}

/** `listening` comes first and once, `done` last and once, `unsupported` alone. */
function wrongProcessOrder({ role, events }: Process): Finding[] {
  const names = events.map(({ event }) => event.event);
  const say = (expected: string, at: TimedEvent | undefined): Finding[] => [
    broken({
      expected,
      actual: `the ${role} printed ${at?.event.event ?? 'nothing'} at ${inMs(at?.atMs ?? 0)}`,
      atMs: at?.atMs ?? null,
    }),
  ];
  const doneAt = names.indexOf('done');
  if (doneAt !== -1 && doneAt !== names.length - 1) return say('done is the last event', events[doneAt + 1]);
  if (names.includes('unsupported') && names.length > 1)
    return say(
      'unsupported is printed alone',
      events.find(({ event }) => event.event !== 'unsupported'),
    );
  const second = names.indexOf('listening', names.indexOf('listening') + 1);
  if (names.includes('listening') && second > 0) return say('listening is printed once', events[second]);
  const failedToListen = events[0]?.event.event === 'failed';
  if (
    role === 'server' &&
    names.length > 0 &&
    names[0] !== 'listening' &&
    names[0] !== 'unsupported' &&
    !failedToListen
  ) {
    return say('listening is the first event', events[0]);
  }
  return [];
}

/** A client that closed all its connections of its own accord says that it is done. */
function notDone({ role, sides, events, inputEnded, exited }: Process, connections: number): Finding[] {
  const closedMs = Math.max(0, ...sides.map((side) => side.closed?.atMs ?? Infinity));
  const wasTold = inputEnded !== null && inputEnded.atMs <= closedMs;
  const isOver = role === 'client' && exited?.status === 0 && sides.length >= connections;
  if (!isOver || wasTold || events.some(({ event }) => event.event === 'done')) return [];
  return [
    broken({
      expected: 'the client says that it is done once its connections are closed',
      actual: `it never did, the last being closed at ${inMs(closedMs)}`,
      atMs: closedMs,
    }),
  ];
}

/** A client that is done has tried as many connections as it was asked for, unless it was told to end before. */
function tooFew({ role, sides, events, inputEnded }: Process, connections: number): Finding[] {
  const done = events.find(({ event }) => event.event === 'done');
  const tried = new Set(sides.map(({ key }) => key)).size;
  if (role !== 'client' || done === undefined || tried >= connections) return [];
  if (inputEnded !== null && inputEnded.atMs <= done.atMs) return [];
  return [
    broken({
      expected: `the client tries ${counted(connections, 'connection')} before it is done`,
      actual: `it had tried ${tried} when it said so at ${inMs(done.atMs)}`,
      atMs: done.atMs,
    }),
  ];
}
