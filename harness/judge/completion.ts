/**
 * Whether a connection got through its workload: CONTRACT, Workloads, as what each side must have told by the end.
 *
 * Owns the reckoning behind the expectation `completes`.
 */
import type { Role, Workload } from '../contract/words.ts';
import type { Attempt, Place } from './attempt.ts';
import { breaksConnections } from './harm.ts';
import type { Connection } from './join.ts';
import { counted, failure, named } from './wording.ts';

export interface Completion {
  readonly ok: boolean;
  readonly actual: string;
  readonly atMs: number | null;
  /** What it is about. */
  readonly connections: readonly Connection[];
}

/** One result a connection, and one more if there are too few of them. */
export function completed(attempt: Attempt, role: Role, places: readonly Place[]): Completion[] {
  if (attempt.plan.workload === 'reconnect') return reconnected(attempt, role, places);
  const results = places.map((place) => completion(attempt, place));
  const aimed = attempt.scripted === null ? attempt[role].sides.length - places.length : spoiltByScript(attempt);
  const due = attempt.plan.params.connections;
  if (places.length + aimed >= due) return results;
  return [
    ...results,
    {
      ok: false,
      actual: `the ${role} had ${counted(places.length, 'connection')} of ${due}`,
      atMs: null,
      connections: attempt.connections,
    },
  ];
}

/** Connections that a script plays wrongly: whether they ever came to be is the script's doing. */
function spoiltByScript({ plan }: Attempt): number {
  const spoilt = plan.faults.filter((fault) => fault.kind === 'script' && breaksConnections(fault));
  return spoilt.reduce((sum, fault) => sum + ('connections' in fault ? (fault.connections?.length ?? 0) : 0), 0);
}

function completion(attempt: Attempt, { side, connection }: Place): Completion {
  const { failed, closed, received } = side;
  const missing = failed === null ? missingWords(attempt, side) : failure(failed);
  return {
    ok: missing === null,
    actual: `${named(side)} ${missing ?? `received ${counted(received.length, 'message')}`}`,
    atMs: failed?.atMs ?? closed?.atMs ?? null,
    connections: [connection],
  };
}

function missingWords(attempt: Attempt, side: Place['side']): string | null {
  if (side.established === null) return 'was never established';
  const due = messagesDue(attempt, side.role);
  if (side.received.length < due) return `received ${side.received.length} of ${counted(due, 'message')}`;
  const sends = messagesSent(attempt, side.role);
  if (side.sent.length < sends) return `sent ${side.sent.length} of ${counted(sends, 'message')}`;
  if (side.role === 'client' && side.shutdown === null && SHUTS_DOWN.has(attempt.plan.workload)) {
    return 'never told that it ended its writing';
  }
  if (side.closed === null) return 'was never closed';
  return null;
}

/** Workloads in which the client ends its writing, then waits for the other end. */
const SHUTS_DOWN: ReadonlySet<Workload> = new Set(['echo', 'pipeline', 'upload', 'idle', 'slow-reader']);

/** Messages that a side receives on a connection that goes well. */
function messagesDue({ plan, ledger }: Attempt, role: Role): number {
  const { workload } = plan;
  if (workload === 'connect' || workload === 'idle') return 0;
  if (workload === 'upload') return 1;
  if (workload === 'download') return role === 'client' ? ledger.messages : 1;
  if (workload === 'slow-reader') return role === 'client' ? 0 : ledger.messages;
  return ledger.messages;
}

/** Messages that a side sends on a connection that goes well. */
function messagesSent(attempt: Attempt, role: Role): number {
  const { workload } = attempt.plan;
  // A reply of `upload` need not be told as a message: its digest of nothing known would say little.
  if (workload === 'upload' && role === 'server') return 0;
  return messagesDue(attempt, role === 'client' ? 'server' : 'client');
}

/** `reconnect`: attempts may fail, but each key's messages are all answered in the end. */
function reconnected(attempt: Attempt, role: Role, places: readonly Place[]): Completion[] {
  const { connections } = attempt;
  if (role === 'server') {
    const actual = `the server had ${counted(places.length, 'connection')}`;
    return [{ ok: places.length > 0, actual, atMs: null, connections }];
  }
  const byKey = Map.groupBy(places, (place) => place.side.key);
  return Array.from({ length: attempt.plan.params.connections }, (_, index): Completion => {
    const own = byKey.get(index + 1) ?? [];
    const answers = own.reduce((sum, { side }) => sum + side.received.length, 0);
    const last = own.at(-1)?.side;
    const end = last?.failed ? `; the last ${failure(last.failed)}` : '';
    return {
      ok: answers >= attempt.ledger.messages && last?.failed === null,
      actual: `connection ${index + 1} got ${answers} of ${counted(attempt.ledger.messages, 'answer')} in ${counted(own.length, 'attempt')}${end}`,
      atMs: last?.closed?.atMs ?? null,
      connections: own.map((place) => place.connection),
    };
  });
}
