/**
 * The kill matrix: which scenario catches which seeded bug.
 *
 * Owns the schema of `mutants.json`, which a run of seeded bugs leaves beside `run.json`, and what follows from both.
 */
import * as v from 'valibot';

import type { Run } from '../evidence/run.ts';
import { compare } from './cases.ts';

const word = v.pipe(v.string(), v.maxLength(200));

export const mutantsSchema = v.object({
  /** The seeded bugs; `name` is the subject's. */
  bugs: v.pipe(
    v.array(v.object({ name: word, bug: v.string(), violates: v.string(), publicCase: v.string() })),
    v.maxLength(1000),
  ),
  /** For each scenario the bugs it says it kills. */
  claims: v.record(word, v.array(word)),
});
export type Mutants = v.InferOutput<typeof mutantsSchema>;

/** `killed`: a case of it fails · `survived`: none does · `unclear`: none does, and one proves nothing · `not-run`. */
export type Fate = 'killed' | 'survived' | 'unclear' | 'not-run';

export interface Kill {
  readonly scenario: string;
  readonly bug: string;
  readonly fate: Fate;
  /** The scenario says that it kills this bug. */
  readonly claimed: boolean;
}

export interface KillMatrix {
  readonly scenarios: readonly string[];
  readonly bugs: Mutants['bugs'];
  readonly kills: readonly Kill[];
  /** Bugs that no scenario killed. */
  readonly alive: readonly string[];
  /** Claims that did not come true. */
  readonly broken: readonly Kill[];
}

export function killMatrix(run: Run, { bugs, claims }: Mutants): KillMatrix {
  const scenarios = [...new Set(run.results.map(({ scenario }) => scenario))].sort(compare);
  const kills = scenarios.flatMap((scenario) =>
    bugs.map(({ name }): Kill => {
      const results = run.results.filter(
        (result) => result.scenario === scenario && (result.client === name || result.server === name),
      );
      return { scenario, bug: name, fate: fateOf(results), claimed: claims[scenario]?.includes(name) ?? false };
    }),
  );
  const killed = new Set(kills.filter(({ fate }) => fate === 'killed').map(({ bug }) => bug));
  return {
    scenarios,
    bugs,
    kills,
    alive: bugs.map(({ name }) => name).filter((name) => !killed.has(name)),
    broken: kills.filter(({ claimed, fate }) => claimed && fate !== 'killed'),
  };
}

function fateOf(results: Run['results']): Fate {
  const words = new Set(results.map(({ verdict }) => verdict));
  if (words.has('fail')) return 'killed';
  if (words.has('pass')) return words.has('unknown') ? 'unclear' : 'survived';
  return words.has('unknown') ? 'unclear' : 'not-run';
}
