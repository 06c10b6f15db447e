/**
 * Whether the same cases came to the same in several runs: by the first attempt, which no later one has mended.
 *
 * Owns the comparison; who runs them, and how often, is `stability.ts`.
 */
import type { Result } from '../harness/evidence/run.ts';
import { caseId } from '../harness/report/cases.ts';

type Word = Result['verdict'];

/** A case that did not come to the same in every run. */
export interface Unstable {
  readonly name: string;
  /** In how many runs it came to each verdict. */
  readonly runs: ReadonlyMap<Word, number>;
}

/** The cases whose first attempts differ; one that a run has not counts there as `not-run`. */
export function unstableCases(runs: readonly (readonly Result[])[]): Unstable[] {
  const verdicts = runs.map((results) => new Map(results.map((result) => [caseId(result), firstVerdict(result)])));
  const names = new Set(verdicts.flatMap((each) => [...each.keys()]));
  return [...names]
    .map((name) => ({ name, runs: counted(verdicts.map((each) => each.get(name) ?? 'not-run')) }))
    .filter((each) => each.runs.size > 1);
}

/** What the first attempt came to; the result itself where nothing was tried. */
function firstVerdict({ attempts, verdict }: Result): Word {
  return attempts[0]?.verdict ?? verdict;
}

function counted(words: readonly Word[]): Map<Word, number> {
  return new Map([...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length]));
}
