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
import type { Touches } from './touches.ts';

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
  /**
   * From lifting the fault, as the plan has it, to the next whole message at either side, null: none came. Itself null: it
   * was not lifted, or only to tidy up.
   */
  readonly recovery: { readonly afterMs: number | null } | null;
  readonly losses: FaultLosses;
}

/** One entry for each fault that was delivered. */
export function detectionsOf(evidence: Evidence): Detection[] {
  const events = {
    client: alignEvents(evidence.records, 'client').events,
    server: alignEvents(evidence.records, 'server').events,
  };
  const touches = touchesOf(evidence);
  const noticed = {
    client: noticedBy('client', events.client, touches),
    server: noticedBy('server', events.server, touches),
  };
  const losses = faultLossesOf(evidence, touches);
  const goodMs = ROLES.flatMap((role) => goodOf(events[role])).sort((a, b) => a - b);
  const lifted = liftsOf(evidence);
  return touches.all.flatMap(({ fault, kind, fromMs }): Detection[] => {
    const own = losses.get(fault);
    if (own === undefined) return [];
    const liftedMs = lifted.get(fault) ?? null;
    return [
      {
        fault,
        kind,
        effectMs: fromMs,
        noticed: { client: noticed.client.get(fault) ?? null, server: noticed.server.get(fault) ?? null },
        recovery: liftedMs === null ? null : { afterMs: msToGood(goodMs, liftedMs) },
        losses: own,
      },
    ];
  });
}

/** By fault when it was lifted. */
function liftsOf({ plan, receipts }: Evidence): Map<string, number | null> {
  const toBeLifted = new Set(plan.faults.flatMap((fault) => (fault.forMs === undefined ? [] : [fault.id])));
  const own = receipts.filter(({ fault }) => toBeLifted.has(fault));
  return new Map(own.map((receipt) => [receipt.fault, receipt.lifted?.acknowledgedAtMs ?? null]));
}

function msToGood(goodMs: readonly number[], liftedMs: number): number | null {
  const firstGoodMs = goodMs[firstFrom(goodMs, liftedMs)];
  return firstGoodMs === undefined ? null : firstGoodMs - liftedMs;
}

/** Place of the first that is not before `atMs`, in order of time: a sweep asks for each of thousands of faults. */
function firstFrom(sortedMs: readonly number[], atMs: number): number {
  let [low, high] = [0, sortedMs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sortedMs[middle] ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** By fault the first failure after its effect, of a connection that it touched, or of none that is named. */
function noticedBy(role: Role, events: readonly TimedEvent[], touches: Touches): Map<string, Noticed> {
  const noticed = new Map<string, Noticed>();
  for (const { event, atMs } of events) {
    if (event.event !== 'failed') continue;
    const { surely, perhaps } =
      event.conn === undefined ? { surely: touches.all, perhaps: [] } : touches.on(role, event.conn);
    for (const { fault, fromMs } of [...surely, ...perhaps]) {
      if (atMs >= fromMs && !noticed.has(fault)) noticed.set(fault, { code: event.code, afterMs: atMs - fromMs });
    }
  }
  return noticed;
}

/** When a whole message or a heartbeat came. */
function goodOf(events: readonly TimedEvent[]): number[] {
  return events.flatMap(({ event, atMs }) => (event.event === 'received' || event.event === 'heard' ? [atMs] : []));
}
