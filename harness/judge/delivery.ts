/**
 * Receipts: every fault of the plan was delivered while there was a client to meet it, and lifted when it was to be.
 *
 * Owns the reading of receipts as evidence; when a fault bit is `fault-effects.ts`.
 */
import type { UnknownReason } from '../evidence/verdict.ts';
import type { FaultView, Span } from './fault-effects.ts';
import { passed, untold } from './finding.ts';
import type { Finding, Words } from './finding.ts';
import type { Tolerance } from './tolerance.ts';
import { counted, inMs } from './wording.ts';

/** What has to be known of an attempt to tell whether its faults came, in time and for as long as they should. */
export interface Deliveries {
  readonly faults: readonly FaultView[];
  readonly tolerance: Pick<Tolerance, 'allowanceMs'>;
  /** When the client was done; null: nothing tells. */
  readonly clientDoneMs: number | null;
  /** It has told of no failure: what it met, if anything, did it no harm. */
  readonly clientUnharmed: boolean;
}

/** One finding for each fault of the plan. */
export function examineDelivery(attempt: Deliveries): { fault: FaultView; finding: Finding }[] {
  return attempt.faults.map((fault) => ({ fault, finding: examine(attempt, fault) }));
}

/**
 * Whether every fault of the plan is proved, came in time, and stayed no longer and no shorter than it was to: only then
 * does a breach that depends on one count.
 */
export function allDelivered(attempt: Deliveries): boolean {
  return attempt.faults.every((view) => !('flaw' in deliveryOf(attempt, view)));
}

function examine(attempt: Deliveries, view: FaultView): Finding {
  const { fault } = view;
  const expected = `${fault.kind} (${fault.id}) is delivered${fault.forMs === undefined ? '' : ` for ${inMs(fault.forMs)} and lifted`}`;
  const delivery = deliveryOf(attempt, view);
  const words = { expected, actual: delivery.actual, atMs: delivery.atMs };
  return 'flaw' in delivery ? untold(delivery.flaw, words) : passed(words);
}

/** What came of a fault, in words, with the reason why it proves nothing where it does not. */
type Delivery = Pick<Words, 'actual'> & { readonly atMs: number | null; readonly flaw?: UnknownReason };

function deliveryOf(attempt: Deliveries, view: FaultView): Delivery {
  const { receipt, delivered } = view;
  if (receipt === null) return { flaw: 'fault-not-delivered', actual: 'there is no receipt for it', atMs: null };
  const atMs = receipt.asked?.atMs ?? null;
  const lift = liftFailure(view);
  if (lift !== null) return { flaw: 'lift-failed', actual: `it could not be lifted: ${lift}`, atMs };
  if (receipt.error !== null)
    return { flaw: 'fault-not-delivered', actual: `it could not be installed: ${receipt.error.message}`, atMs };
  if (delivered === null || receipt.delivered === null) {
    const asked = atMs === null ? 'it was never asked for' : `it was asked for at ${inMs(atMs)}`;
    return { flaw: 'fault-not-delivered', actual: `${asked}, and nothing shows an effect`, atMs };
  }
  const missed = tooLate(attempt, delivered) ?? tooShort(attempt, view, delivered);
  if (missed !== null) return { flaw: 'fault-not-delivered', actual: missed, atMs: delivered.latestMs };
  const { count, grade, proof } = receipt.delivered;
  const actual = `${counted(count, 'effect')}, the first at ${inMs(delivered.latestMs)} (${grade}: ${proof})`;
  return { actual, atMs: delivered.latestMs };
}

/** Why lifting it failed; null: it did not. */
function liftFailure({ fault, receipt, delivered }: FaultView): string | null {
  if (receipt?.error?.step === 'lift') return receipt.error.message;
  const lifted = receipt?.lifted ?? null;
  if (lifted !== null && lifted.acknowledgedAtMs === null) return 'nothing acknowledged it';
  const isDue = fault.forMs !== undefined && delivered !== null;
  return isDue && lifted === null ? 'nothing tells of it' : null;
}

/**
 * A client that was done had nothing more to meet it with; null: it came before. Where the client was harmed, the harm shows
 * that it was in time; where not, only its latest possible effect does.
 */
function tooLate({ clientDoneMs, clientUnharmed, tolerance }: Deliveries, span: Span): string | null {
  const sureMs = clientUnharmed ? span.latestMs : span.earliestMs;
  if (clientDoneMs === null || sureMs <= clientDoneMs + tolerance.allowanceMs) return null;
  return `its first effect came at ${inMs(sureMs)}, when the client had been done since ${inMs(clientDoneMs)}`;
}

/** A part of `forMs` that timers and clocks may take. */
const SHORTER = 0.05;

/** What was lifted while the client still had to bear it has lasted as long as was asked; null: it has. */
function tooShort({ clientDoneMs, tolerance }: Deliveries, view: FaultView, { latestMs }: Span): string | null {
  const { forMs } = view.fault;
  const liftMs = view.receipt?.lifted?.askedAtMs;
  if (forMs === undefined || liftMs === undefined || liftMs - latestMs >= forMs * (1 - SHORTER)) return null;
  const isOver = clientDoneMs !== null && liftMs >= clientDoneMs - tolerance.allowanceMs;
  return isOver ? null : `it was lifted ${inMs(Math.max(0, liftMs - latestMs))} after its effect`;
}
