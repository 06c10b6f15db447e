/**
 * What one look at the evidence came to, before it is given its invariant's name and statement.
 *
 * Owns the shape and its constructors; which finding decides the verdict is `verdict.ts`.
 */
import type { Check, UnknownReason } from '../evidence/verdict.ts';
import type { Attempt } from './attempt.ts';
import type { Excess } from './tolerance.ts';

/** A check without the name and the statement, which are the invariant's. */
export type Finding = Omit<Check, 'name' | 'statement'>;

/** One question asked of every attempt. `examine` is pure and gives at least one finding. */
export interface Invariant {
  readonly name: string;
  /** The claim in one sentence. */
  readonly statement: string;
  examine(attempt: Attempt): Finding[];
}

/** The words every finding has, and what a reader needs to find the place. */
export interface Words {
  readonly expected: string;
  readonly actual: string;
  readonly measured?: Check['measured'];
  readonly atMs?: number | null;
}

/** The claim held. */
export function passed(words: Words): Finding {
  return finding('pass', words, false, null);
}

/** The claim was broken, with or without the fault. */
export function broken(words: Words): Finding {
  return finding('fail', words, false, null);
}

/** The claim was broken by missing a bound, which proves nothing where the host kept everybody from running for that long. */
export function brokenUnlessHostStalled(
  { tolerance }: Pick<Attempt, 'tolerance'>,
  excess: Excess,
  words: Words,
): Finding {
  return tolerance.explains(excess) ? untold('host-stalled', words) : broken(words);
}

/** The claim was broken, which counts only if the fault was delivered. */
export function brokenUnderFault(words: Words): Finding {
  return finding('fail', words, true, null);
}

/** The evidence does not tell. */
export function untold(reason: UnknownReason, words: Words): Finding {
  return finding('unknown', words, false, reason);
}

/** There was nothing to look at; `why` says what was missing. */
export function notChecked(expected: string, why: string): Finding {
  return finding('not-checked', { expected, actual: why }, false, null);
}

function finding(
  outcome: Check['outcome'],
  words: Words,
  dependsOnFault: boolean,
  unknownReason: UnknownReason | null,
): Finding {
  return {
    outcome,
    expected: words.expected,
    actual: words.actual,
    measured: words.measured ?? null,
    atMs: words.atMs ?? null,
    dependsOnFault,
    unknownReason,
  };
}
