/**
 * The kill matrix: which scenario catches which seeded bug.
 *
 * Owns what follows from the run and from the `mutants.json` that a run of seeded bugs leaves beside `run.json`.
 */
import type { Mutants } from '../evidence/mutants.ts';
import type { Run } from '../evidence/run.ts';
import { compare } from './cases.ts';

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
  /** Those that were run. */
  readonly bugs: Mutants['bugs'];
  readonly kills: readonly Kill[];
  /** Bugs that no scenario killed. */
  readonly alive: readonly string[];
  /** Claims that were tried and did not come true. */
  readonly broken: readonly Kill[];
}

export function killMatrix(run: Run, { bugs: all, claims }: Pick<Mutants, 'bugs' | 'claims'>): KillMatrix {
  // With the fault off a bug has nothing to show.
  const faulty = run.results.filter(({ variant }) => variant === 'fault');
  const met = new Set(faulty.flatMap(({ client, server }) => [client, server]));
  const bugs = all.filter(({ name }) => met.has(name));
  const scenarios = [...new Set(faulty.map(({ scenario }) => scenario))].sort(compare);
  const kills = scenarios.flatMap((scenario) =>
    bugs.map(({ name }): Kill => {
      const results = faulty.filter(
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
    broken: kills.filter(({ claimed, fate }) => claimed && fate !== 'killed' && fate !== 'not-run'),
  };
}

function fateOf(results: Run['results']): Fate {
  const words = new Set(results.map(({ verdict }) => verdict));
  if (words.has('fail')) return 'killed';
  if (words.has('pass')) return words.has('unknown') ? 'unclear' : 'survived';
  return words.has('unknown') ? 'unclear' : 'not-run';
}
