/**
 * `mutants.json`: which seeded bug was caught by which scenario, beside the `run.json` that has every run of it.
 *
 * Owns the schema, what of it counts as a kill, and which of its conclusions are problems; the trials are made and
 * concluded from in `suite`.
 */
import * as v from 'valibot';

import { VERDICTS } from './verdict.ts';

const word = v.pipe(v.string(), v.maxLength(200));
const words = v.array(word);

export const trialResultSchema = v.object({
  scenario: word,
  bug: word,
  /** `kill`: the scenario says that it catches the bug · `spare`: it is a control, which catches none · `seek`: nobody has said. */
  expected: v.picklist(['kill', 'spare', 'seek']),
  /** `both`: the bug plays both roles; else the role it plays against the reference subject. */
  role: v.nullable(v.picklist(['both', 'client', 'server'])),
  /** Verdict under the fault; null: the trial was not needed. */
  verdict: v.nullable(v.picklist(VERDICTS)),
  /** The judge's sentence. */
  reason: v.string(),
  /** Verdict of the same plan with the fault off: a bug that shows there too is no bug of the fault's. */
  control: v.nullable(v.picklist(VERDICTS)),
});
export type TrialResult = v.InferOutput<typeof trialResultSchema>;

export const mutantsSchema = v.object({
  /** The seeded bugs; `name` is the subject's. */
  bugs: v.pipe(
    v.array(
      v.object({ name: word, class: v.nullable(word), bug: v.string(), violates: v.string(), publicCase: v.string() }),
    ),
    v.maxLength(1000),
  ),
  /** The classes that bugs are of. */
  classes: v.array(v.object({ id: word, title: v.string() })),
  /** For each scenario the bugs it says it kills. */
  claims: v.record(word, words),
  trials: v.array(trialResultSchema),
  /** Bugs that no scenario caught. */
  survivors: words,
  /** Bugs that were caught, but by no scenario of their class. */
  outOfClass: words,
  /** Bugs that were caught, but by no sentence that names them. */
  unnamed: words,
  /** Scenarios that should catch something and caught nothing. */
  idle: words,
  /** Single promises that were not kept, a sentence each. */
  broken: v.array(v.string()),
  /** These were all scenarios and all bugs: only then `outOfClass` and `gaps` tell something. */
  whole: v.optional(v.boolean(), false),
  /** Promises that could not be kept whatever was run, a sentence each. */
  gaps: v.optional(v.array(v.string()), []),
});
export type Mutants = v.InferOutput<typeof mutantsSchema>;

const ONLY_CONTROLS = 'no bug met a scenario that is to kill it: only controls were tried';

/** Whether a trial killed its bug: it failed under the fault and did not without it. */
export function killed(result: TrialResult): boolean {
  return result.verdict === 'fail' && result.control === 'pass';
}

/** The bugs that met more than controls, and those of them that a scenario killed. */
export function bugsTried({ trials }: Pick<Mutants, 'trials'>): { tried: Set<string>; dead: Set<string> } {
  const asked = trials.filter(({ expected }) => expected !== 'spare');
  const namesOf = (some: readonly TrialResult[]): Set<string> => new Set(some.map(({ bug }) => bug));
  return { tried: namesOf(asked), dead: namesOf(asked.filter(killed)) };
}

/** Whether nothing is wrong but that nothing was to be killed. */
export function nothingAsked(mutants: Mutants): boolean {
  const [first, ...others] = mutantProblems(mutants);
  return first === ONLY_CONTROLS && others.length === 0;
}

/** What a run of seeded bugs found wrong, a sentence each. Every document and the exit status go by this list. */
export function mutantProblems(mutants: Mutants): string[] {
  const { survivors, outOfClass, unnamed, idle, broken, gaps } = mutants;
  return [
    ...(mutants.trials.length > 0 && bugsTried(mutants).tried.size === 0 ? [ONLY_CONTROLS] : []),
    ...gaps,
    ...survivors.map((bug) => `${bug} survived every scenario`),
    ...outOfClass.map((bug) => `${bug} was killed, but by no scenario of its class`),
    ...unnamed.map((bug) => `${bug} was killed, but by no sentence that names it`),
    ...idle.map((scenario) => `${scenario} killed nothing`),
    ...broken,
  ];
}
