/**
 * The order in which a connection's events can come.
 *
 * Owns the grammar of one side of one connection, part of the invariant `contract`; what a process says as a whole is
 * `kept-contract.ts`.
 */
import type { Role } from '../contract/words.ts';
import type { TimedEvent } from '../evidence/clock.ts';
import { broken } from './finding.ts';
import type { Finding } from './finding.ts';
import type { Side } from './side.ts';
import { inMs, named } from './wording.ts';

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
export function wrongOrder(side: Side): Finding[] {
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
