/**
 * Which connections each delivered fault touched, and while it could.
 *
 * Owns the telling for display, from the proxy's effects, else from the plan, else from which connections were open.
 */
import { ROLES } from '../../contract/words.ts';
import type { Role } from '../../contract/words.ts';
import { alignEvents } from '../../evidence/clock.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import type { Plan } from '../../evidence/plan.ts';
import type { Receipt } from '../../evidence/receipt.ts';
import { provesNothing } from '../../evidence/wire-event.ts';
import { joinedConnections } from '../timeline/connections.ts';

/** A delivered fault. */
export interface Touch {
  readonly fault: string;
  readonly kind: string;
  /** The role whose messages it acts on first; null: both alike. */
  readonly sender: Role | null;
  /** From its first effect to its lifting, for ever where it stayed. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** The faults that touched a connection. */
export interface Touching {
  readonly surely: readonly Touch[];
  /** Those of which the evidence does not tell. */
  readonly perhaps: readonly Touch[];
}

export interface Touches {
  /** One for each fault that was delivered, in the order of the receipts. */
  readonly all: readonly Touch[];
  readonly on: (role: Role, conn: number) => Touching;
}

export function touchesOf(evidence: Evidence): Touches {
  const join = joinedConnections(evidence);
  const lives = livesOf(evidence);
  const named = connectionsNamed(evidence);
  const senders = sendersOf(evidence.plan);
  const all = evidence.receipts.flatMap((receipt) => touchOf(senders, receipt));
  const byName = new Map<number, Touch[]>();
  for (const touch of all) {
    for (const name of named.get(touch.fault) ?? []) byName.set(name, [...(byName.get(name) ?? []), touch]);
  }
  const anonymous = all.filter(({ fault }) => !named.has(fault));
  const known = all.filter(({ fault }) => named.has(fault));
  const find = (role: Role, conn: number): Touching => {
    const life = lives.get(`${role} ${conn}`);
    const open = anonymous.filter(
      ({ fromMs, toMs }) => life !== undefined && life.fromMs <= toMs && life.toMs >= fromMs,
    );
    const name = join.name(role, conn);
    return name === null
      ? { surely: open, perhaps: known }
      : { surely: [...open, ...(byName.get(name) ?? [])], perhaps: [] };
  };
  const found = new Map<string, Touching>();
  const on = (role: Role, conn: number): Touching => {
    const key = `${role} ${conn}`;
    const touching = found.get(key) ?? find(role, conn);
    found.set(key, touching);
    return touching;
  };
  return { all, on };
}

function touchOf(senders: ReadonlyMap<string, Role>, receipt: Receipt): Touch[] {
  if (receipt.delivered === null) return [];
  const { fault, kind } = receipt;
  const toMs = receipt.lifted?.acknowledgedAtMs ?? Number.POSITIVE_INFINITY;
  return [{ fault, kind, sender: senders.get(fault) ?? null, fromMs: receipt.delivered.earliestMs, toMs }];
}

/** By fault the proxy's connections on which it was seen to bite, else those that the plan names; no entry: neither does. */
function connectionsNamed({ plan, wire }: Evidence): ReadonlyMap<string, ReadonlySet<number>> {
  const named = new Map<string, Set<number>>();
  for (const event of wire) {
    if (event.kind !== 'effect' || provesNothing(event)) continue;
    const conns = named.get(event.toxic) ?? new Set();
    named.set(event.toxic, conns.add(event.conn));
  }
  for (const fault of plan.faults) {
    if ('connections' in fault && fault.connections !== undefined && !named.has(fault.id))
      named.set(fault.id, new Set(fault.connections));
  }
  return named;
}

/** By fault the role whose messages it acts on first; no entry: both alike. */
function sendersOf(plan: Plan): ReadonlyMap<string, Role> {
  return new Map(
    plan.faults.flatMap((fault): [string, Role][] => {
      if (!('direction' in fault)) return [];
      return [[fault.id, fault.direction === 'upstream' ? 'client' : 'server']];
    }),
  );
}

interface Life {
  readonly fromMs: number;
  toMs: number;
}

/** Each role's connections, from their first event to `closed`. */
function livesOf({ records }: Evidence): Map<string, Life> {
  const lives = new Map<string, Life>();
  for (const role of ROLES) {
    for (const { event, atMs } of alignEvents(records, role).events) {
      if (!('conn' in event) || event.conn === undefined) continue;
      const key = `${role} ${event.conn}`;
      const life = lives.get(key) ?? { fromMs: atMs, toMs: Number.POSITIVE_INFINITY };
      if (event.event === 'closed') life.toMs = atMs;
      lives.set(key, life);
    }
  }
  return lives;
}
