/**
 * The wire proxy's toxic for a planned fault: one table.
 */
import type { NetworkKind, PlannedFault } from '../../scenario/fault.ts';
import type { ToxicRequest } from '../proxy-control.ts';

/** Faults that a toxic delivers; the others are faults of the proxy as a whole, or of a process. */
export type ToxicFault = Exclude<
  PlannedFault,
  { kind: 'refuse' | 'hang-connect' | 'freeze' | 'kill' | 'stop' | 'kill-container' | 'script' | NetworkKind }
>;

export function wireToxic(fault: ToxicFault): ToxicRequest {
  const connections = fault.connections === undefined ? {} : { connections: { order: fault.connections } };
  const common = { name: fault.id, stream: fault.direction, toxicity: 1 } as const;
  switch (fault.kind) {
    case 'latency':
      return {
        ...common,
        type: 'latency',
        attributes: { latency: fault.latencyMs, jitter: fault.jitterMs, ...connections },
      };
    case 'fragment': {
      const cuts = fault.every === undefined ? { offsets: fault.at ?? [] } : { every: fault.every };
      return { ...common, type: 'fragment', attributes: { ...cuts, gap: fault.gapMs, ...connections } };
    }
    case 'coalesce':
      return { ...common, type: 'coalesce', attributes: { bytes: fault.bytes, wait: fault.waitMs, ...connections } };
    case 'reset':
    case 'fin':
    case 'hold':
    case 'swallow':
    case 'stall':
      return { ...common, type: fault.kind, attributes: { bytes: fault.at, ...connections } };
    case 'corrupt':
      return { ...common, type: 'corrupt', attributes: { offset: fault.at, xor: fault.xor, ...connections } };
    case 'bandwidth':
      return { ...common, type: 'bandwidth', attributes: { rate: fault.kilobytesPerSecond, ...connections } };
  }
}
