/**
 * The exit status of a run, from its results' verdicts. DESIGN, Verdicts: the first that applies.
 *
 * Owns the order, and that of a run of seeded bugs, whose fails are hoped for; usage errors (2) never get this far.
 */
import { mutantProblems } from '../evidence/mutants.ts';
import type { Mutants } from '../evidence/mutants.ts';
import type { VerdictWord } from '../evidence/verdict.ts';

/** 128 and the signal's number, as shells say it. */
const INTERRUPTED = { SIGINT: 130, SIGTERM: 143 } as const;

export type Interruption = keyof typeof INTERRUPTED;

/** Verdicts that decide the status, the first that is present. */
const BY_VERDICT: readonly (readonly [VerdictWord, number])[] = [
  ['interrupted', INTERRUPTED.SIGINT],
  ['setup-error', 3],
  ['fail', 1],
  ['unknown', 5],
];

/** As of a run with an unknown among its verdicts. */
const NOTHING_KNOWN = 5;

/** Nothing passed: a suite is never green on nothing. */
const NOTHING_PASSED = 4;

/**
 * @param results of the run, in any order; `unsupported` and `not-run` may stand beside a pass
 * @param interruption the signal that ended the run before its end; null: none did
 */
export function exitStatus(
  results: readonly { readonly verdict: VerdictWord }[],
  interruption: Interruption | null,
): number {
  if (interruption !== null) return INTERRUPTED[interruption];
  const verdicts = new Set(results.map((result) => result.verdict));
  const deciding = BY_VERDICT.find(([verdict]) => verdicts.has(verdict));
  if (deciding !== undefined) return deciding[1];
  return verdicts.has('pass') ? 0 : NOTHING_PASSED;
}

/** What a run that was killed comes to: its worst, and never green, for what it did not reach is not known. */
export function unfinishedStatus(results: readonly { readonly verdict: VerdictWord }[]): number {
  const status = exitStatus(results, null);
  return status === 0 ? NOTHING_KNOWN : status;
}

/**
 * The exit status of a run of seeded bugs: 1 where anything that it was to show did not come true, 3 where a trial could
 * not be made.
 *
 * @param interruption the signal that ended the run before its end; null: none did
 */
export function mutantsStatus(matrix: Mutants, interruption: Interruption | null): number {
  if (interruption !== null) return INTERRUPTED[interruption];
  if (matrix.trials.some(({ verdict, control }) => verdict === 'setup-error' || control === 'setup-error')) return 3;
  return mutantProblems(matrix).length === 0 ? 0 : 1;
}

/** The signal that ended a run before its end; null: none did. */
export function interruptionOf(signal: AbortSignal): Interruption | null {
  if (!signal.aborted) return null;
  return signal.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT';
}
