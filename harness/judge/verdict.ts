/**
 * The verdict of an attempt from its checks: the first that applies, in DESIGN's order.
 *
 * Owns the order and nothing else.
 */
import { sentenceOf } from '../evidence/verdict.ts';
import type { Check, UnknownReason, Verdict, VerdictWord } from '../evidence/verdict.ts';

/** What outranks every check: how the attempt itself came out. */
export interface Outcome {
  readonly verdict: Extract<VerdictWord, 'interrupted' | 'setup-error' | 'unsupported'>;
  readonly reason: string;
}

export interface Grounds {
  readonly checks: readonly Check[];
  /** The attempt was interrupted, or could not be set up. */
  readonly prevented: Outcome | null;
  /** A subject said that it does not support what it was asked. */
  readonly unsupported: Outcome | null;
  /** Whether every fault of the plan is proved. */
  readonly faultsDelivered: boolean;
}

/**
 * The verdict and its reason. Checks keep the order in which they are to be read. What depends on the fault fails only where
 * the fault is proved and came when it should have, after what had to be seen.
 */
export function conclude({
  checks,
  prevented,
  unsupported,
  faultsDelivered,
}: Grounds): Pick<Verdict, 'verdict' | 'reason' | 'unknownReason'> {
  if (prevented !== null) return { ...prevented, unknownReason: null };
  const faultCounts = faultsDelivered && !checks.some((check) => check.unknownReason === 'precondition-not-seen');
  const failing = checks.find((check) => check.outcome === 'fail' && (faultCounts || !check.dependsOnFault));
  if (failing !== undefined) return { verdict: 'fail', reason: sentenceOf(failing), unknownReason: null };
  const unknown = firstUnknown(checks);
  if (unknown !== null) return { verdict: 'unknown', ...unknown };
  if (unsupported !== null) return { ...unsupported, unknownReason: null };
  return { verdict: 'pass', reason: passing(checks), unknownReason: null };
}

/** A breach under a fault that is not proved proves nothing either. */
function firstUnknown(checks: readonly Check[]): { reason: string; unknownReason: UnknownReason } | null {
  const check = checks.find((candidate) => candidate.outcome === 'unknown');
  if (check !== undefined)
    return { reason: sentenceOf(check), unknownReason: check.unknownReason ?? 'evidence-incomplete' };
  const void_ = checks.find((candidate) => candidate.outcome === 'fail');
  if (void_ !== undefined) return { reason: sentenceOf(void_), unknownReason: 'fault-not-delivered' };
  if (checks.every((candidate) => candidate.outcome === 'not-checked')) {
    return { reason: 'nothing could be checked', unknownReason: 'evidence-incomplete' };
  }
  return null;
}

function passing(checks: readonly Check[]): string {
  const held = checks.filter((check) => check.outcome === 'pass').length;
  const open = checks.filter((check) => check.outcome === 'not-checked').length;
  return `${held} of ${held} checks held${open === 0 ? '' : `; ${open} had nothing to look at`}`;
}
