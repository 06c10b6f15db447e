/**
 * The kill matrix: which scenario catches which seeded bug.
 *
 * Owns what follows from the run and from the `mutants.json` that a run of seeded bugs leaves beside `run.json`.
 */
import type { Mutants } from '../evidence/mutants.ts';
import type { Result, Run } from '../evidence/run.ts';
import type { VerdictWord } from '../evidence/verdict.ts';
import { caseId, compare } from './cases.ts';

/**
 * `killed`: a case of it fails · `survived`: none does · `unclear`: none does, and one proves nothing · `spared`: it passed
 * a control, which kills none · `blamed`: it did not pass a control · `not-run`.
 */
export type Fate = 'killed' | 'survived' | 'unclear' | 'spared' | 'blamed' | 'not-run';

export interface Kill {
  readonly scenario: string;
  readonly bug: string;
  readonly fate: Fate;
  /** The scenario says that it kills this bug. */
  readonly claimed: boolean;
  /** What tells its fate; null: nothing was run. */
  readonly told: { readonly page: string; readonly reason: string } | null;
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

export function killMatrix(
  run: Run,
  { bugs: all, claims, trials }: Pick<Mutants, 'bugs' | 'claims' | 'trials'>,
): KillMatrix {
  // With the fault off a bug has nothing to show.
  const faulty = run.results.filter(({ variant }) => variant === 'fault');
  const met = new Set(faulty.flatMap(({ client, server }) => [client, server]));
  const bugs = all.filter(({ name }) => met.has(name));
  const scenarios = [...new Set(faulty.map(({ scenario }) => scenario))].sort(compare);
  const spared = new Set(trials.filter(({ expected }) => expected === 'spare').map(trialKey));
  const byScenario = Map.groupBy(faulty, ({ scenario }) => scenario);
  const kills = scenarios.flatMap((scenario) =>
    bugs.map(({ name: bug }): Kill => {
      const results = (byScenario.get(scenario) ?? []).filter(({ client, server }) => client === bug || server === bug);
      const telling = tellingOf(results);
      return {
        scenario,
        bug,
        fate: fateOf(telling, spared.has(trialKey({ scenario, bug }))),
        claimed: claims[scenario]?.includes(bug) ?? false,
        told: telling === undefined ? null : { page: caseId(telling), reason: telling.reason },
      };
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

function trialKey({ scenario, bug }: { readonly scenario: string; readonly bug: string }): string {
  return `${scenario} ${bug}`;
}

/** The verdicts that say something of a bug, those first that say most. */
const TELLING: readonly VerdictWord[] = ['fail', 'unknown', 'pass'];

function tellingOf(results: Run['results']): Result | undefined {
  return TELLING.map((word) => results.find(({ verdict }) => verdict === word)).find((each) => each !== undefined);
}

function fateOf(telling: Result | undefined, isControl: boolean): Fate {
  if (telling === undefined) return 'not-run';
  if (isControl) return telling.verdict === 'pass' ? 'spared' : 'blamed';
  if (telling.verdict === 'fail') return 'killed';
  return telling.verdict === 'unknown' ? 'unclear' : 'survived';
}
