/**
 * What a run of seeded bugs comes to when its results were judged again.
 */
import type { Mutants, TrialResult } from '../evidence/mutants.ts';
import type { Plan } from '../evidence/plan.ts';
import type { Result } from '../evidence/run.ts';
import { loadBugs, unnamedBug } from './bugs.ts';
import { conclude } from './kill-matrix.ts';
import { tellingOf } from './trial-result.ts';

/** The same trials, each told by its results as they stand now, and the conclusions from them. */
export async function concludeAgain(before: Mutants, results: readonly Result[]): Promise<Mutants> {
  const known = new Map((await loadBugs()).map((bug) => [bug.name, bug]));
  const bugs = before.bugs.map(({ name }) => known.get(name) ?? unnamedBug(name));
  const trials = before.trials.map((trial) => toldAgain(trial, results));
  const conclusions = conclude(trials, bugs);
  return { ...before, trials, ...conclusions, outOfClass: before.whole ? conclusions.outOfClass : [] };
}

function toldAgain(trial: TrialResult, results: readonly Result[]): TrialResult {
  const runsOf = (variant: Plan['variant']) =>
    results.flatMap((result) => {
      const role = roleOf(trial.bug, result);
      return role === null || result.scenario !== trial.scenario || result.variant !== variant
        ? []
        : [{ role, result }];
    });
  const told = tellingOf(runsOf('fault'));
  if (told === undefined) return trial;
  const { role, result } = told;
  const isCaught = result.verdict === 'fail' && trial.expected !== 'spare';
  const control = isCaught ? runsOf('control').find((run) => run.role === role)?.result.verdict : undefined;
  return { ...trial, role, verdict: result.verdict, reason: result.reason, control: control ?? null };
}

function roleOf(bug: string, { client, server }: Result): TrialResult['role'] {
  if (client === bug) return server === bug ? 'both' : 'client';
  return server === bug ? 'server' : null;
}
