/**
 * Which connections each delivered fault touched, and while it could.
 *
 * Owns the telling for display, from the proxy's effects, else from the plan, else from which connections were open.
 */
import { ROLES } from '../../contract/words.ts';
import type { Role } from '../../contract/words.ts';
import { alignEvents } from '../../evidence/clock.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import type { Receipt } from '../../evidence/receipt.ts';
import { isOfLifting } from '../../evidence/wire-event.ts';
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
  /** Whether it touched a role's connection; null: the evidence does not tell. */
  readonly touched: (role: Role, conn: number) => boolean | null;
}

/** One for each fault that was delivered, in the order of the receipts. */
export function touchesOf(evidence: Evidence): Touch[] {
  const join = joinedConnections(evidence);
  const lives = livesOf(evidence);
  return evidence.receipts.flatMap((receipt): Touch[] => {
    if (receipt.delivered === null) return [];
    const { earliestMs: fromMs } = receipt.delivered;
    const toMs = receipt.lifted?.acknowledgedAtMs ?? Number.POSITIVE_INFINITY;
    const named = connectionsNamed(evidence, receipt);
    const touched = (role: Role, conn: number): boolean | null => {
      const name = join.name(role, conn);
      if (named !== null) return name === null ? null : named.has(name);
      const life = lives.get(`${role} ${conn}`);
      return life !== undefined && life.fromMs <= toMs && life.toMs >= fromMs;
    };
    return [{ fault: receipt.fault, kind: receipt.kind, sender: senderOf(evidence, receipt), fromMs, toMs, touched }];
  });
}

/** The proxy's connections on which it saw the fault bite, else those that the plan names; null: neither does. */
function connectionsNamed({ plan, wire }: Evidence, { fault }: Receipt): ReadonlySet<number> | null {
  const bitten = wire.flatMap((event) =>
    event.kind === 'effect' && event.toxic === fault && !isOfLifting(event) ? [event.conn] : [],
  );
  if (bitten.length > 0) return new Set(bitten);
  const planned = plan.faults.find(({ id }) => id === fault);
  if (planned === undefined || !('connections' in planned) || planned.connections === undefined) return null;
  return new Set(planned.connections);
}

function senderOf({ plan }: Evidence, { fault }: Receipt): Role | null {
  const planned = plan.faults.find(({ id }) => id === fault);
  if (planned === undefined || !('direction' in planned)) return null;
  return planned.direction === 'upstream' ? 'client' : 'server';
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
