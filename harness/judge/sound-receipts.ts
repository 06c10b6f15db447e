/**
 * What cannot be true of a receipt, whatever came of its fault.
 *
 * Owns the order of its steps and their times; whether plan and receipts belong together is `agreement.ts`.
 */
import type { Receipt } from '../evidence/receipt.ts';
import { inMs } from './wording.ts';

/** The first thing that cannot be; null: all of it can. */
export function impossibleReceipt(receipts: readonly Receipt[], endMs: number, errorMs: number): string | null {
  for (const receipt of receipts) {
    const problem = impossible(receipt, endMs, errorMs);
    if (problem !== null) return `the receipt for ${receipt.fault} says that ${problem}`;
  }
  return null;
}

function impossible(receipt: Receipt, endMs: number, errorMs: number): string | null {
  const { asked, acknowledged, delivered, lifted } = receipt;
  if (asked === null && (acknowledged ?? delivered ?? lifted) !== null) return 'it was there without being asked for';
  if (delivered !== null && !Number.isSafeInteger(delivered.count)) return `it had ${delivered.count} effects`;
  const steps = stepsOf(receipt);
  const foreign = steps.flat().find(({ atMs }) => !(atMs >= -errorMs && atMs <= endMs + errorMs));
  if (foreign !== undefined) return `${foreign.step} at ${inMs(foreign.atMs)}, which is not in the attempt`;
  for (const [before, after] of steps) {
    if (after.atMs < before.atMs - errorMs)
      return `${after.step} at ${inMs(after.atMs)}, and ${before.step} at ${inMs(before.atMs)}`;
  }
  return null;
}

interface Step {
  readonly step: string;
  readonly atMs: number;
}

/** Pairs of which the first must come before the second, as far as they are told. */
function stepsOf({ asked, acknowledged, delivered, lifted }: Receipt): (readonly [Step, Step])[] {
  const pairs: (readonly [Step, Step])[] = [];
  const ask = { step: 'it was asked for', atMs: asked?.atMs ?? 0 };
  const bite = { step: 'its effect came at the earliest', atMs: delivered?.earliestMs ?? 0 };
  if (acknowledged !== null) pairs.push([ask, { step: 'it was acknowledged', atMs: acknowledged.atMs }]);
  if (delivered !== null)
    pairs.push([ask, bite], [bite, { step: 'its effect came at the latest', atMs: delivered.latestMs }]);
  if (lifted === null) return pairs;
  const lift = { step: 'it was to be lifted', atMs: lifted.askedAtMs };
  pairs.push([ask, lift]);
  if (lifted.acknowledgedAtMs === null) return pairs;
  // What was asked to go may still bite until it is gone.
  const gone = { step: 'it was lifted', atMs: lifted.acknowledgedAtMs };
  pairs.push([lift, gone]);
  if (delivered !== null) pairs.push([bite, gone]);
  return pairs;
}
