/**
 * Which faults can break a connection, and which merely delay it.
 *
 * Owns the reckoning of DESIGN's "harmful": a kind that only shifts bytes in time is harmless as long as its worst delay
 * stays below every deadline of the plan.
 */
import { messageOffset, wireBytes } from '../contract/framing.ts';
import type { PayloadShape } from '../contract/payload.ts';
import type { Plan } from '../evidence/plan.ts';
import { HARMLESS_KINDS } from '../scenario/fault.ts';
import type { PlannedFault } from '../scenario/fault.ts';

/** A delay this much below a deadline still stays below it on a slow host. */
const HEADROOM = 0.95;

/** Headers and acknowledgements take their part of a narrow link; small packets the most. */
const PACKET_SHARE = 2;

/** A loss is made good within a first retransmission timeout (RFC 6298, 2.1), and one for what is lost of that. */
const LOSS_MS = 3_000;

/** Whether the fault does more than shift bytes in time. */
export function breaksConnections(fault: PlannedFault): boolean {
  if (fault.kind === 'script') return !fault.polite;
  // What is lost now and then is sent again.
  if (fault.kind === 'drop') return fault.oneIn === 1;
  return !HARMLESS_KINDS.has(fault.kind);
}

/** Whether the delays of the plan, or its own pauses, can make a deadline pass on a connection that nothing broke. */
export function mayTimeOut(plan: Plan, shape: PayloadShape): boolean {
  const delayMs = plannedDelayMs(plan, shape);
  const { ioTimeoutMs, deadPeerMs } = plan.params;
  return passes(ioTimeoutMs, delayMs) || passes(deadPeerMs, delayMs + ownSilenceMs(plan));
}

/** The most that the plan's harmless faults delay one message and its answer, on the connection that they delay most. */
export function plannedDelayMs(plan: Plan, shape: PayloadShape): number {
  let onEveryMs = 0;
  const onOne = new Map<number, number>();
  for (const fault of plan.faults) {
    const delayMs = worstDelayMs(fault, shape, plan.params.messages);
    const conns = 'connections' in fault ? fault.connections : undefined;
    if (conns === undefined) onEveryMs += delayMs;
    for (const conn of conns ?? []) onOne.set(conn, (onOne.get(conn) ?? 0) + delayMs);
  }
  return onEveryMs + Math.max(0, ...onOne.values());
}

/** A deadline of 0 is none. */
function passes(deadlineMs: number, waitMs: number): boolean {
  return deadlineMs > 0 && waitMs >= deadlineMs * HEADROOM;
}

/** How long a healthy connection may be silent by the plan's own pauses. */
function ownSilenceMs(plan: Plan): number {
  const { heartbeatMs, durationMs, paceMs } = plan.params;
  if (plan.workload === 'idle') return heartbeatMs > 0 ? heartbeatMs : durationMs;
  return paceMs;
}

/** The most that a harmless fault delays one message. */
function worstDelayMs(fault: PlannedFault, shape: PayloadShape, messages: number): number {
  if (fault.kind === 'latency') return fault.latencyMs + fault.jitterMs;
  if (fault.kind === 'coalesce') return fault.waitMs;
  if (fault.kind === 'bandwidth') return messageOffset(shape, messages) / fault.kilobytesPerSecond;
  if (fault.kind === 'rate') return (messageOffset(shape, messages) * PACKET_SHARE) / fault.kilobytesPerSecond;
  if (fault.kind === 'drop') return LOSS_MS;
  return fault.kind === 'fragment' ? fault.gapMs * cuts(fault, shape, messages) : 0;
}

/** Into how many pieces the longest message can be cut, less one. */
function cuts(fault: Extract<PlannedFault, { kind: 'fragment' }>, shape: PayloadShape, messages: number): number {
  const sizes = Array.from({ length: Math.min(3, Math.max(1, messages)) }, (_, seq) => wireBytes(shape, seq));
  const longest = Math.max(...sizes);
  if (fault.every !== undefined) return Math.ceil(longest / fault.every);
  return Math.min(longest, fault.at?.length ?? 0);
}
