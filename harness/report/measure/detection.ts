/**
 * How long each side took to notice a fault, how service came back, and what was lost on the way.
 *
 * Owns the measuring for display. Whether a time is within its bound is decided in `judge`.
 */
import { ROLES } from '../../contract/words.ts';
import type { FailureCode, Role } from '../../contract/words.ts';
import { alignEvents } from '../../evidence/clock.ts';
import type { TimedEvent } from '../../evidence/clock.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { faultLossesOf } from './fault-losses.ts';
import type { FaultLosses } from './fault-losses.ts';
import { touchesOf } from './touches.ts';
import type { Touch } from './touches.ts';

/** A failure that a role reported, counted from the fault's first effect. */
export interface Noticed {
  readonly code: FailureCode;
  readonly afterMs: number;
}

/** What one delivered fault came to. */
export interface Detection {
  readonly fault: string;
  readonly kind: string;
  readonly effectMs: number;
  /** The first failure of each role after the effect, of a connection that the fault touched; null: it reported none. */
  readonly noticed: Readonly<Record<Role, Noticed | null>>;
  /** From lifting the fault to the next whole message at either side; null: not lifted, or none came. */
  readonly recoveredMs: number | null;
  readonly losses: FaultLosses;
}

/** One entry for each fault that was delivered. */
export function detectionsOf(evidence: Evidence): Detection[] {
  const events = {
    client: alignEvents(evidence.records, 'client').events,
    server: alignEvents(evidence.records, 'server').events,
  };
  const losses = faultLossesOf(evidence);
  const lifted = new Map(evidence.receipts.map((receipt) => [receipt.fault, receipt.lifted?.acknowledgedAtMs ?? null]));
  return touchesOf(evidence).flatMap((touch) => {
    const lost = losses.get(touch.fault);
    return lost === undefined
      ? []
      : [detectionOf(touch, events, { losses: lost, liftedMs: lifted.get(touch.fault) ?? null })];
  });
}

function detectionOf(
  touch: Touch,
  events: Record<Role, readonly TimedEvent[]>,
  { losses, liftedMs }: { readonly losses: FaultLosses; readonly liftedMs: number | null },
): Detection {
  const effectMs = touch.fromMs;
  const noticed = (role: Role): Noticed | null => {
    for (const { event, atMs } of events[role]) {
      if (event.event !== 'failed' || atMs < effectMs) continue;
      if (event.conn !== undefined && touch.touched(role, event.conn) === false) continue;
      return { code: event.code, afterMs: atMs - effectMs };
    }
    return null;
  };
  const good = liftedMs === null ? [] : ROLES.flatMap((role) => firstGoodAfter(events[role], liftedMs));
  return {
    fault: touch.fault,
    kind: touch.kind,
    effectMs,
    noticed: { client: noticed('client'), server: noticed('server') },
    recoveredMs: good.length === 0 || liftedMs === null ? null : Math.min(...good) - liftedMs,
    losses,
  };
}

function firstGoodAfter(events: readonly TimedEvent[], liftedMs: number): number[] {
  const good = events.find(
    ({ event, atMs }) => atMs >= liftedMs && (event.event === 'received' || event.event === 'heard'),
  );
  return good === undefined ? [] : [good.atMs];
}
