/**
 * Whether anything happened at an instant, or the instant is only a deadline that passed.
 */
import { ROLES } from '../../contract/words.ts';
import { alignEvents } from '../../evidence/clock.ts';
import type { Evidence, PlainEvidence } from '../../evidence/evidence.ts';

/** An instant is rounded on its way into a verdict. */
const SAME_MS = 0.06;
/** The proxy has so much to do that something of it is always near: only its own instants are its. */
const SAME_AT_PROXY_MS = 0.002;

export function happensAt(
  { records, wire }: Pick<Evidence | PlainEvidence, 'records' | 'wire'>,
  atMs: number,
): boolean {
  const isNear = (each: { readonly atMs: number }): boolean => Math.abs(each.atMs - atMs) < SAME_MS;
  return (
    ROLES.some((role) => alignEvents(records, role).events.some(isNear)) ||
    records.some((record) => !NO_ACT.has(record.kind) && isNear(record)) ||
    wire.some((event) => Math.abs(event.atMs - atMs) < SAME_AT_PROXY_MS)
  );
}

/** A subject's events are told by their own stamps; the host's stalls come all the time. */
const NO_ACT: ReadonlySet<string> = new Set(['origin', 'clock', 'event', 'stalled']);
