/**
 * One attempt as the judge sees it: processes, joined connections, faults with their effects, and the host's tolerance.
 *
 * Owns the putting together; every invariant reads this and none reads the raw records. Pure.
 */
import type { Role } from '../contract/words.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Plan } from '../evidence/plan.ts';
import { scriptedRole } from '../scenario/fault.ts';
import { soundReceipts } from './agreement.ts';
import { faultViews } from './fault-effects.ts';
import type { FaultView } from './fault-effects.ts';
import { join } from './join.ts';
import type { Connection } from './join.ts';
import { Ledger } from './ledger.ts';
import { processOf } from './process.ts';
import type { Process } from './process.ts';
import { isOfLastReceived } from './side.ts';
import type { Side } from './side.ts';
import { toleranceOf } from './tolerance.ts';
import type { Tolerance } from './tolerance.ts';
import { wireConnections } from './wire-connection.ts';

export interface Attempt {
  readonly plan: Plan;
  readonly ledger: Ledger;
  readonly tolerance: Tolerance;
  readonly client: Process;
  readonly server: Process;
  /** When the client was done; null: nothing tells. */
  readonly clientDoneMs: number | null;
  /** The client has told of no failure. */
  readonly clientUnharmed: boolean;
  readonly connections: readonly Connection[];
  /** How many messages a client's side had an answer to from earlier connections of its key: `reconnect` goes on after these. */
  readonly answeredBefore: ReadonlyMap<Side, number>;
  readonly faults: readonly FaultView[];
  /** Those of them that flip bits. */
  readonly flips: readonly FaultView[];
  /** The role that the scripted peer plays, which is not judged; null: both are played by subjects. */
  readonly scripted: Role | null;
  /** How much the proxy told. */
  readonly wireEvents: number;
  /** Whether the proxy told what it did, without gaps. */
  readonly wireTold: boolean;
  /** How far off the proxy's stamps may be against the arrival of lines. */
  readonly wireErrorMs: number;
}

/** One side together with the connection it belongs to and the process that told of it. */
export interface Place {
  readonly side: Side;
  readonly connection: Connection;
  readonly process: Process;
}

export function attemptOf(evidence: Evidence): Attempt {
  const { plan, records, wire } = evidence;
  const receipts = soundReceipts(evidence);
  const ledger = new Ledger(plan);
  const faults = faultViews({ ...evidence, receipts });
  const client = processOf('client', records, plan.faults, receipts);
  const server = processOf('server', records, plan.faults, receipts);
  const sides = { clients: client.sides, servers: server.sides, wires: wireConnections(wire) };
  return {
    plan,
    ledger,
    tolerance: toleranceOf(records),
    client,
    server,
    clientDoneMs: client.events.find(({ event }) => event.event === 'done')?.atMs ?? client.exited?.atMs ?? null,
    clientUnharmed: client.events.every(({ event }) => event.event !== 'failed'),
    connections: join(sides, ledger),
    answeredBefore: answeredBefore(client.sides),
    faults,
    flips: faults.filter(({ fault }) => fault.kind === 'corrupt'),
    scripted: scriptedRole(plan.faults),
    wireEvents: wire.length,
    wireTold: wire.length > 0 && wire.every((told) => told.kind !== 'dropped'),
    wireErrorMs: wireErrorMs(records),
  };
}

/** A proxy's clock that was read before the attempt may have drifted since; one that is this machine's own cannot. */
const DRIFT_MS = 50;

function wireErrorMs(records: Evidence['records']): number {
  const clock = records.find((record) => record.kind === 'clock');
  if (clock === undefined) return 0;
  const isOther = Math.abs(clock.aheadMicros) / 1000 > clock.errorMs;
  return clock.errorMs + (isOther ? DRIFT_MS : 0);
}

/** Every side of the attempt, the clients' first. */
export function placesOf(attempt: Attempt): Place[] {
  return [...placesOfRole(attempt, 'client'), ...placesOfRole(attempt, 'server')];
}

/** Every side of one role that is to be judged, in the order of its own numbers. */
export function placesOfRole(attempt: Attempt, role: Role): Place[] {
  if (attempt.scripted === role) return [];
  const places = attempt.connections.flatMap((connection) => {
    const side = connection[role];
    return side === null ? [] : [{ side, connection, process: attempt[role] }];
  });
  return places.toSorted((one, other) => one.side.conn - other.side.conn);
}

/** The numbers of the messages that a client has to send on a connection, in order. */
export function clientSeqs(
  { plan, ledger, answeredBefore: answered }: Attempt,
  { client }: Connection,
): readonly number[] {
  if (plan.workload === 'reconnect' && client !== null) return ledger.seqs.slice(answered.get(client) ?? 0);
  return plan.workload === 'download' ? ledger.seqs.slice(0, 1) : ledger.seqs;
}

function answeredBefore(sides: readonly Side[]): ReadonlyMap<Side, number> {
  const before = new Map<Side, number>();
  const byKey = new Map<number | null, number>();
  for (const side of sides.toSorted((one, other) => one.conn - other.conn)) {
    const answered = byKey.get(side.key) ?? 0;
    before.set(side, answered);
    byKey.set(side.key, answered + answeredOn(side));
  }
  return before;
}

/** Replies, but for a wrong one. */
function answeredOn(side: Side): number {
  return side.received.length - (isOfLastReceived(side) ? 1 : 0);
}
