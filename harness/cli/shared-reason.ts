/**
 * Why many cases could not be set up, where that is one thing for all of them, as an engine that does not answer: told in
 * full with the first, and once more at the end, where it is looked for.
 */
import type { Result } from '../evidence/run.ts';
import type { Case } from '../report/cases.ts';
import { printableMessage } from './printable.ts';

/** More than these have little in common. */
const MOST_REASONS = 5;

/** Remembers the reasons of cases that were never begun. */
export class ToldOnce {
  readonly #reasons = new Set<string>();

  /** Whether it says nothing that an earlier one has not said. */
  isAgain({ verdict, reason, attempts }: Pick<Result, 'verdict' | 'reason' | 'attempts'>): boolean {
    if (verdict !== 'setup-error' || attempts.length > 0) return false;
    if (this.#reasons.has(reason)) return true;
    this.#reasons.add(reason);
    return false;
  }
}

/** A line for each reason for which several cases could not be set up. */
export function sharedReasons(cases: readonly Case[]): string[] {
  const unmade = cases.filter(({ verdict }) => verdict === 'setup-error');
  return [...Map.groupBy(unmade, ({ decisive }) => decisive.reason)]
    .filter(([, { length }]) => length > 1)
    .slice(0, MOST_REASONS)
    .map(([reason, { length }]) => `${length} setup-error: ${printableMessage(reason)}`);
}
