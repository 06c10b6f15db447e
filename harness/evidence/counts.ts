/**
 * Counts verdicts.
 */
import type { Counts } from './run.ts';
import { VERDICTS } from './verdict.ts';
import type { VerdictWord } from './verdict.ts';

/** How many results came to each verdict; every verdict is there, 0 where none did. */
export function countVerdicts(results: readonly { readonly verdict: VerdictWord }[]): Counts {
  const counts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as Counts;
  for (const { verdict } of results) counts[verdict] += 1;
  return counts;
}
