/**
 * Receipts: every fault of the plan was delivered, and lifted where it was to be lifted.
 *
 * Owns the reading of receipts as evidence; when a fault bit is `fault-effects.ts`.
 */
import type { Receipt } from '../evidence/receipt.ts';
import type { Attempt } from './attempt.ts';
import type { FaultView } from './fault-effects.ts';
import { passed, untold } from './finding.ts';
import type { Finding } from './finding.ts';
import { counted, inMs } from './wording.ts';

/** One finding for each fault of the plan. */
export function examineDelivery({ faults }: Pick<Attempt, 'faults'>): { fault: FaultView; finding: Finding }[] {
  return faults.map((fault) => ({ fault, finding: examine(fault) }));
}

function examine(view: FaultView): Finding {
  const { fault, receipt, delivered } = view;
  const expected = `${fault.kind} (${fault.id}) is delivered${fault.forMs === undefined ? '' : ' and lifted'}`;
  if (receipt === null) return untold('fault-not-delivered', { expected, actual: 'there is no receipt for it' });
  const atMs = receipt.asked?.atMs ?? null;
  const lift = liftFailure(receipt);
  if (lift !== null) return untold('lift-failed', { expected, actual: `it could not be lifted: ${lift}`, atMs });
  if (receipt.error !== null) {
    const actual = `it could not be installed: ${receipt.error.message}`;
    return untold('fault-not-delivered', { expected, actual, atMs });
  }
  if (delivered === null || receipt.delivered === null) {
    const asked = atMs === null ? 'it was never asked for' : `it was asked for at ${inMs(atMs)}`;
    return untold('fault-not-delivered', { expected, actual: `${asked}, and nothing shows an effect`, atMs });
  }
  const { count, grade, proof } = receipt.delivered;
  const actual = `${counted(count, 'effect')}, the first at ${inMs(delivered.latestMs)} (${grade}: ${proof})`;
  return passed({ expected, actual, atMs: delivered.latestMs });
}

/** Why lifting it failed; null: it did not. */
function liftFailure({ lifted, error }: Receipt): string | null {
  if (error?.step === 'lift') return error.message;
  return lifted !== null && lifted.acknowledgedAtMs === null ? 'nothing acknowledged it' : null;
}

/**
 * Whether every fault of the plan is proved and none stayed that was to be lifted: only then does a breach that depends on
 * one count.
 */
export function allDelivered({ faults }: Pick<Attempt, 'faults'>): boolean {
  return faults.every(
    ({ receipt, delivered }) => delivered !== null && (receipt === null || liftFailure(receipt) === null),
  );
}
