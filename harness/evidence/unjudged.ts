/**
 * The verdict of an attempt that left nothing to judge, or nothing that can be judged.
 */
import type { Verdict } from './verdict.ts';

/** A verdict without checks. */
export function unjudged(outcome: Pick<Verdict, 'verdict' | 'reason' | 'unknownReason'>): Verdict {
  return { schema: 1, ...outcome, checks: [], toleranceMs: 0, longestStallMs: 0 };
}
