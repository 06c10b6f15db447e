/**
 * The kill matrix: which scenario catches which seeded bug, and what that says of both.
 *
 * Owns the trials to be made and the conclusions from them, as values; making them is `mutants.ts`.
 */
import type { VerdictWord } from '../evidence/verdict.ts';
import type { CatalogueEntry } from './catalogue.ts';
import type { Bug } from './subjects.ts';

/** One scenario tried on one bug. */
export interface Trial {
  readonly entry: CatalogueEntry;
  readonly bug: Bug;
  /** `kill`: the scenario says that it catches the bug · `spare`: it is a control, which catches none. */
  readonly expected: 'kill' | 'spare';
}

/** What one trial came to. */
export interface TrialResult {
  readonly scenario: string;
  readonly bug: string;
  readonly expected: Trial['expected'];
  /** `both`: the bug plays both roles; else the role it plays against the reference subject. */
  readonly role: 'both' | 'client' | 'server' | null;
  /** Verdict under the fault; null: the trial was not needed. */
  readonly verdict: VerdictWord | null;
  /** The judge's sentence. */
  readonly reason: string;
  /** Verdict of the same plan with the fault off: a bug that shows there too is no bug of the fault's. */
  readonly control: VerdictWord | null;
}

export interface KillMatrix {
  readonly results: readonly TrialResult[];
  /** Bugs that no scenario caught. */
  readonly survivors: readonly string[];
  /** Scenarios that should catch something and caught nothing. */
  readonly idle: readonly string[];
  /** Single promises that were not kept: a `kills` that did not, a control that failed, a bug that fails without a fault. */
  readonly broken: readonly string[];
}

/** Every trial that the catalogue promises: each scenario with the bugs it lists, each control with all of them. */
export function trialsOf(catalogue: readonly CatalogueEntry[], bugs: readonly Bug[]): Trial[] {
  const byName = new Map(bugs.map((bug) => [bug.name, bug]));
  return catalogue.flatMap((entry): Trial[] => {
    const { kills, faults } = entry.scenario;
    if (faults.length === 0) return bugs.map((bug) => ({ entry, bug, expected: 'spare' }));
    return kills.flatMap((name): Trial[] => {
      const bug = byName.get(name);
      return bug === undefined ? [] : [{ entry, bug, expected: 'kill' }];
    });
  });
}

/** What is wrong with the promises themselves, before anything is run: one sentence each. */
export function gaps(catalogue: readonly CatalogueEntry[], bugs: readonly Bug[]): string[] {
  const names = new Set(bugs.map(({ name }) => name));
  const promised = new Set(catalogue.flatMap(({ scenario }) => scenario.kills));
  return [
    ...catalogue.flatMap(({ id, scenario }) =>
      scenario.kills
        .filter((name) => !names.has(name))
        .map((name) => `${id} kills "${name}", and there is no such bug`),
    ),
    ...catalogue
      .filter(({ scenario }) => scenario.faults.length > 0 && scenario.kills.length === 0)
      .map(({ id }) => `${id} kills no bug: nothing shows that it can fail`),
    ...bugs.filter(({ name }) => !promised.has(name)).map(({ name }) => `no scenario kills "${name}"`),
  ];
}

/** Whether a trial killed its bug: it failed under the fault and did not without it. */
export function killed(result: TrialResult): boolean {
  return result.verdict === 'fail' && result.control === 'pass';
}

/** Draws the conclusions. */
export function conclude(results: readonly TrialResult[]): KillMatrix {
  const kills = results.filter((result) => result.expected === 'kill');
  const dead = new Set(kills.filter(killed).map(({ bug }) => bug));
  const at = new Set(kills.filter(killed).map(({ scenario }) => scenario));
  return {
    results,
    survivors: [...new Set(kills.map(({ bug }) => bug))].filter((bug) => !dead.has(bug)),
    idle: [...new Set(kills.map(({ scenario }) => scenario))].filter((scenario) => !at.has(scenario)),
    broken: results.flatMap((result) => brokenPromise(result)),
  };
}

function brokenPromise(result: TrialResult): string[] {
  const { scenario, bug, verdict, control, expected, reason } = result;
  if (verdict === null) return [];
  if (expected === 'spare') {
    const spared = verdict === 'pass' || verdict === 'unsupported';
    return spared ? [] : [`${scenario}, a control, says ${verdict} of ${bug}: ${reason}`];
  }
  if (verdict !== 'fail') return [`${scenario} says ${verdict} of ${bug}: ${reason}`];
  return control === 'pass' ? [] : [`${bug} says ${control ?? 'nothing'} in ${scenario} with the fault off`];
}
