/**
 * Whether a fault that joins pieces had no two pieces to join.
 *
 * Owns that this is told from a fault that did not happen: what comes whole is whole however it is joined, and whether a
 * server's two writes stay two is for its kernel to say.
 */
import type { PlainEvidence } from '../../evidence/evidence.ts';
import type { PlannedFault } from '../../scenario/fault.ts';
import type { FaultView } from '../fault-effects.ts';
import type { Outcome } from '../verdict.ts';

/** `null`: there were pieces, or no fault was to join any. */
export function nothingToJoin({ wire }: PlainEvidence, faults: readonly FaultView[]): Outcome | null {
  const pieces = (fault: Extract<PlannedFault, { kind: 'coalesce' }>): number => {
    const reads = wire.filter((event) => event.kind === 'read' && event.direction === fault.direction);
    const byConnection = Map.groupBy(reads, (event) => ('conn' in event ? event.conn : 0));
    return Math.max(0, ...[...byConnection.values()].map((each) => each.length));
  };
  const idle = faults.find(({ fault, delivered }) => {
    return fault.kind === 'coalesce' && delivered === null && pieces(fault) === 1;
  });
  if (idle === undefined) return null;
  return { verdict: 'unsupported', reason: 'there was nothing to join: all that came, came in one piece' };
}
