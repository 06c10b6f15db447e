/**
 * When each fault of the plan took effect, on which connection.
 *
 * Owns the reading of receipts and of the proxy's `effect` events. Where the proxy tells nothing, a receipt's window
 * stands for every connection.
 */
import type { EvidenceOf } from '../evidence/evidence.ts';
import type { PlanFrame } from '../evidence/plan.ts';
import { provesNothing } from '../evidence/wire-event.ts';
import type { Receipt } from '../evidence/receipt.ts';
import { NETWORK_KINDS } from '../scenario/fault.ts';
import type { NetworkKind, PlannedFault, ScriptFault } from '../scenario/fault.ts';
import type { Connection } from './join.ts';
import type { WireConnection } from './wire-connection.ts';

/** An instant known to lie between two others. */
export interface Span {
  readonly earliestMs: number;
  readonly latestMs: number;
}

export interface FaultView {
  readonly fault: PlannedFault;
  readonly receipt: Receipt | null;
  /** First effect in the attempt; null: it is not proved that there was one. */
  readonly delivered: Span | null;
  /** When it was lifted, at the latest; null: it stayed to the end. */
  readonly liftedMs: number | null;
  /** First effect on one connection; null: it did not bite there. */
  on(connection: Connection): Span | null;
}

/** Kinds that are done to the connections of a proxy one by one, and told by it. */
type WireKind = Exclude<
  PlannedFault['kind'],
  'freeze' | 'kill' | 'stop' | 'kill-container' | 'refuse' | 'hang-connect' | 'script' | NetworkKind
>;

const NOT_ON_THE_WIRE: ReadonlySet<string> = new Set([
  'freeze',
  'kill',
  'stop',
  'kill-container',
  'refuse',
  'hang-connect',
  'script',
  ...NETWORK_KINDS,
]);

export function faultViews({
  plan,
  receipts,
  wire,
}: Pick<EvidenceOf<PlanFrame>, 'plan' | 'receipts' | 'wire'>): FaultView[] {
  const complete = wire.length > 0 && wire.every((told) => told.kind !== 'dropped');
  const firsts = new Map<string, number>();
  const bitten = new Set<string>();
  for (const told of wire) {
    if (told.kind !== 'effect' || provesNothing(told)) continue;
    bitten.add(told.toxic);
    const place = `${told.toxic}/${told.conn}`;
    firsts.set(place, Math.min(told.atMs, firsts.get(place) ?? Number.POSITIVE_INFINITY));
  }
  return plan.faults.map((fault): FaultView => {
    const receipt = receipts.find((candidate) => candidate.fault === fault.id) ?? null;
    // What the proxy does itself it tells of: a receipt that it knows nothing of is no proof.
    const isUntold = complete && isOnWire(fault) && !bitten.has(fault.id);
    const delivered = isUntold ? null : (receipt?.delivered ?? null);
    return {
      fault,
      receipt,
      delivered,
      liftedMs: receipt?.lifted?.acknowledgedAtMs ?? null,
      on: (connection) => {
        if (fault.kind === 'script' && !isPlayedOn(fault, connection)) return null;
        if (!complete || connection.wire === null || !isOnWire(fault)) return delivered;
        const firstMs = firsts.get(`${fault.id}/${connection.wire.conn}`);
        return firstMs === undefined ? null : spanOf(fault, connection.wire, firstMs);
      },
    };
  });
}

/** Scripts choose the peer's connections by its own numbers. */
export function isPlayedOn({ role, connections }: ScriptFault, connection: Connection): boolean {
  const side = connection[role];
  return connections === undefined || (side !== null && connections.includes(side.conn));
}

/**
 * A cut can be told before the receivers have it, by a recorder that saw it come about, or after: the directions' own ends
 * say when they had it.
 */
function spanOf(fault: PlannedFault, wire: WireConnection, toldMs: number): Span {
  if (fault.kind !== 'reset' && fault.kind !== 'fin') return { earliestMs: toldMs, latestMs: toldMs };
  // A reset ends both legs, a FIN one direction.
  const flows = fault.kind === 'reset' ? [wire.upstream, wire.downstream] : [wire[fault.direction]];
  const ends = flows.flatMap(({ end }) => (end?.by === fault.kind ? [end.atMs] : []));
  if (ends.length === 0) return { earliestMs: toldMs, latestMs: toldMs };
  return { earliestMs: Math.min(toldMs, ...ends), latestMs: Math.max(...ends) };
}

function isOnWire(fault: PlannedFault): fault is PlannedFault & { kind: WireKind } {
  return !NOT_ON_THE_WIRE.has(fault.kind);
}
