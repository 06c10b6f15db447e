/**
 * Contract: what a subject prints are the contract's events, in an order that can be true.
 *
 * Owns the grammar of a process's output and of each connection's events; times and payloads are judged elsewhere.
 */
import type { EventName } from '../contract/event.ts';
import type { Role } from '../contract/words.ts';
import type { TimedEvent } from '../evidence/clock.ts';
import type { Attempt } from './attempt.ts';
import { untoldConnections } from './both-ends.ts';
import { broken, passed } from './finding.ts';
import type { Finding, Invariant } from './finding.ts';
import type { Process } from './process.ts';
import type { Side } from './side.ts';
import { counted, inMs, named } from './wording.ts';

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
    ...wrongClock(process),
    ...wrongRole(process),
    ...wrongProcessOrder(process),
    ...notDone(process, plan.params.connections),
    ...process.sides.flatMap((side) => wrongOrder(side)),
  ]);
  const breaches = [...ofProcesses, ...untoldConnections(attempt)];
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
  return [
    ...garbage,
    broken({
      expected: `the ${process.role} prints no more than the contract's events`,
      actual: `it had printed ${process.flooded.limitBytes} bytes at ${inMs(process.flooded.atMs)}`,
      atMs: process.flooded.atMs,
    }),
  ];
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

/** What a connection's events have come to so far. Filled in as they are read, so that a long history costs no copies. */
interface Standing {
  begun: boolean;
  established: boolean;
  /** Messages begun and not yet handed over. */
  readonly sending: Set<number>;
  received: number;
  shutdown: boolean;
  eof: boolean;
  failed: boolean;
  closed: boolean;
}

type Event = TimedEvent['event'];
type Name = Event['event'];

/** The first event of a connection that cannot follow those before it. */
function wrongOrder(side: Side): Finding[] {
  const standing: Standing = {
    begun: false,
    established: false,
    sending: new Set(),
    received: 0,
    shutdown: false,
    eof: false,
    failed: false,
    closed: false,
  };
  for (const { event, atMs } of side.events) {
    const problem = impossible(standing, event, side.role);
    if (problem !== null) {
      return [broken({ expected: `${named(side)}: ${problem}`, actual: `${event.event} at ${inMs(atMs)}`, atMs })];
    }
    advance(standing, event);
  }
  return [];
}

/** Why the event cannot come now; null: it can. */
function impossible(standing: Standing, event: Event, role: Role): string | null {
  if (standing.closed) return 'nothing comes after closed';
  if (standing.failed && event.event !== 'closed') return 'only closed comes after failed, which comes once';
  if (event.event === 'connecting') return standing.begun ? 'connecting comes once and first' : null;
  if (role === 'client' && !standing.begun) return 'connecting comes first';
  return LIFE.has(event.event) ? impossibleLife(standing, event) : impossibleTraffic(standing, event, role);
}

/** Events of the connection itself, not of what passes over it. */
const LIFE: ReadonlySet<Name> = new Set(['connected', 'accepted', 'failed', 'closed']);

function impossibleLife(standing: Standing, event: Event): string | null {
  const establishes = event.event === 'connected' || event.event === 'accepted';
  return establishes && standing.established ? `${event.event} comes once` : null;
}

/** Events after which the side does no more of the others. */
const ONCE: ReadonlySet<Name> = new Set(['shutdown', 'eof']);
const INCOMING: ReadonlySet<Name> = new Set(['received', 'heard', 'eof']);
const OUTGOING: ReadonlySet<Name> = new Set(['sending', 'shutdown']);

function impossibleTraffic(standing: Standing, event: Event, role: Role): string | null {
  if (!standing.established) return `nothing passes before ${role === 'client' ? 'connected' : 'accepted'}`;
  if (standing.eof && INCOMING.has(event.event)) {
    return ONCE.has(event.event) ? 'the peer ends once' : `nothing is ${event.event} after the peer's end`;
  }
  if (standing.shutdown && OUTGOING.has(event.event)) {
    return ONCE.has(event.event) ? 'shutdown comes once' : 'nothing is sent after shutdown';
  }
  if (event.event === 'sent' && !standing.sending.has(event.seq)) {
    return `message ${event.seq} is sent once, after its sending`;
  }
  if (event.event === 'received' && event.seq !== standing.received) {
    return `the next message received is number ${standing.received}, not ${event.seq}`;
  }
  return null;
}

function advance(standing: Standing, event: Event): void {
  if (event.event === 'connecting') standing.begun = true;
  if (event.event === 'connected' || event.event === 'accepted') standing.established = true;
  if (event.event === 'sending') standing.sending.add(event.seq);
  if (event.event === 'sent') standing.sending.delete(event.seq);
  if (event.event === 'received') standing.received += 1;
  if (event.event === 'shutdown') standing.shutdown = true;
  if (event.event === 'eof') standing.eof = true;
  if (event.event === 'failed') standing.failed = true;
  if (event.event === 'closed') standing.closed = true;
}
