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
import type { Receipt } from '../../evidence/receipt.ts';

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
  /** The first failure of each role after the effect; null: it reported none. */
  readonly noticed: Readonly<Record<Role, Noticed | null>>;
  /** From lifting the fault to the next whole message at either side; null: not lifted, or none came. */
  readonly recoveredMs: number | null;
}

/** Messages handed over but never received by the other side, and received more than once. */
export interface Losses {
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  readonly doubled: number;
}

/** One entry for each fault that was delivered. */
export function detectionsOf(evidence: Evidence): Detection[] {
  const events = {
    client: alignEvents(evidence.records, 'client').events,
    server: alignEvents(evidence.records, 'server').events,
  };
  return evidence.receipts.flatMap((receipt) => detectionOf(receipt, events) ?? []);
}

function detectionOf(receipt: Receipt, events: Record<Role, readonly TimedEvent[]>): Detection | null {
  if (receipt.delivered === null) return null;
  const effectMs = receipt.delivered.earliestMs;
  const liftedMs = receipt.lifted?.acknowledgedAtMs ?? null;
  const noticed = (role: Role): Noticed | null => {
    for (const { event, atMs } of events[role]) {
      if (event.event === 'failed' && atMs >= effectMs) return { code: event.code, afterMs: atMs - effectMs };
    }
    return null;
  };
  const good = liftedMs === null ? [] : ROLES.flatMap((role) => firstGoodAfter(events[role], liftedMs));
  return {
    fault: receipt.fault,
    kind: receipt.kind,
    effectMs,
    noticed: { client: noticed('client'), server: noticed('server') },
    recoveredMs: good.length === 0 || liftedMs === null ? null : Math.min(...good) - liftedMs,
  };
}

function firstGoodAfter(events: readonly TimedEvent[], liftedMs: number): number[] {
  const good = events.find(
    ({ event, atMs }) => atMs >= liftedMs && (event.event === 'received' || event.event === 'heard'),
  );
  return good === undefined ? [] : [good.atMs];
}

/**
 * Counts, for the messages one role sent, what became of them at the other, by digest.
 */
export function lossesOf(evidence: Evidence, sender: Role): Losses {
  const receiver = sender === 'client' ? 'server' : 'client';
  const sent = new Set<string>();
  const received = new Map<string, number>();
  for (const record of evidence.records) {
    if (record.kind !== 'event') continue;
    const { role, event } = record;
    if (role === sender && event.event === 'sending') sent.add(event.sha256);
    if (role === receiver && event.event === 'received')
      received.set(event.sha256, (received.get(event.sha256) ?? 0) + 1);
  }
  const copies = [...received.values()];
  return {
    sent: sent.size,
    received: copies.reduce((sum, times) => sum + times, 0),
    lost: [...sent].filter((digest) => !received.has(digest)).length,
    doubled: copies.reduce((sum, times) => sum + times - 1, 0),
  };
}
