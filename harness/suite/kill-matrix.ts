/**
 * The kill matrix: which scenario catches which seeded bug, and what that says of both.
 *
 * Owns the trials to be made and the conclusions from them, as values; making them is `mutants.ts`.
 */
import { killed } from '../evidence/mutants.ts';
import type { Mutants, TrialResult } from '../evidence/mutants.ts';
import { happeningIn } from '../evidence/verdict.ts';
import { whyNotIn } from '../plan/capability.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { isOfClass } from './bug-classes.ts';
import type { Bug } from './bugs.ts';
import type { CatalogueEntry } from './catalogue.ts';

/** One scenario to be tried on one bug. */
export interface Trial {
  readonly entry: CatalogueEntry;
  readonly bug: Bug;
  readonly expected: TrialResult['expected'];
}

/** Who plays the bug in a trial. */
export type Role = NonNullable<TrialResult['role']>;

/**
 * Which trials are made, controls aside, which meet every bug. `promised`: each scenario with the bugs it lists ·
 * `of-class`: of those, the ones whose scenario is of the bug's class · `every`: all with all.
 */
export type Extent = 'promised' | 'of-class' | 'every';

/** What the trials came to. */
type Conclusions = Pick<Mutants, 'survivors' | 'outOfClass' | 'unnamed' | 'idle' | 'broken'>;

/**
 * The trials to be made. A program of the user's meets every scenario, and a scenario that lists no bug every bug: where
 * nobody has said what is to be caught, that is what is asked.
 */
export function trialsOf(catalogue: readonly CatalogueEntry[], bugs: readonly Bug[], extent: Extent): Trial[] {
  // Trials are made in local cells.
  const entries = catalogue.filter(
    ({ scenario }) => scenario.only?.cell !== 'docker' && whyNotIn('local', scenario) === null,
  );
  return entries.flatMap((entry) =>
    bugs.flatMap((bug): Trial[] => {
      const expected = expectedOf(entry, bug);
      if (expected === 'kill' && extent === 'of-class' && !isOfClass(entry.id, bug.class ?? '')) return [];
      const isAsked = expected !== 'seek' || extent === 'every' || bug.class === null || listsNone(entry);
      return isAsked ? [{ entry, bug, expected }] : [];
    }),
  );
}

/**
 * Who is to play the bug, one after the other until it is caught. Both roles at once are the cheapest way to see it caught;
 * but where a scenario says of the server alone how it fails, the client's part in a bug would hide that it says nothing.
 *
 * @param referenceFirst whether the bug plays one role before it plays both
 */
export function rolesOf({ entry, expected }: Trial, referenceFirst: boolean): readonly Role[] {
  if (expected === 'spare') return ['both'];
  if (expected === 'kill' && saysOfServerAlone(entry.scenario)) return ['server'];
  return referenceFirst ? ['client', 'server', 'both'] : ['both', 'client', 'server'];
}

function saysOfServerAlone({ expect }: Scenario): boolean {
  const failing = expect.filter((each) => each.kind === 'fails');
  return failing.length > 0 && failing.every(({ role }) => role === 'server');
}

function expectedOf(entry: CatalogueEntry, bug: Bug): Trial['expected'] {
  if (isControl(entry)) return 'spare';
  return entry.scenario.kills.includes(bug.name) ? 'kill' : 'seek';
}

function isControl({ scenario }: CatalogueEntry): boolean {
  return scenario.faults.length === 0 && scenario.kills.length === 0;
}

function listsNone(entry: CatalogueEntry): boolean {
  return !isControl(entry) && entry.scenario.kills.length === 0;
}

/** Who has to answer `unsupported` is killed by nothing; a program of the user's may be written in anything. */
function couldPlay({ params }: Scenario, bug: Bug): boolean {
  return params.userTimeoutMs === 0 || bug.language === 'python' || bug.class === null;
}

/** What is wrong with the promises themselves, before anything is run: one sentence each. */
export function gaps(catalogue: readonly CatalogueEntry[], bugs: readonly Bug[]): string[] {
  const names = new Set(bugs.map(({ name }) => name));
  const killersOf = (name: string) => catalogue.filter(({ scenario }) => scenario.kills.includes(name));
  return [
    ...catalogue.flatMap(({ id, scenario }) =>
      scenario.kills
        .filter((name) => !names.has(name))
        .map((name) => `${id} kills "${name}", and there is no such bug`),
    ),
    ...catalogue.flatMap(({ id, scenario }) =>
      bugs
        .filter((bug) => scenario.kills.includes(bug.name) && !couldPlay(scenario, bug))
        .map(({ name }) => `${id} kills "${name}", which cannot play it: Node sets no TCP_USER_TIMEOUT`),
    ),
    ...catalogue.filter(listsNone).map(({ id }) => `${id} kills no bug: nothing shows that it can fail`),
    ...bugs.flatMap((bug) => {
      const killers = killersOf(bug.name);
      if (killers.length === 0) return [`no scenario kills "${bug.name}"`];
      if (bug.class === null || killers.some(({ id }) => isOfClass(id, bug.class ?? ''))) return [];
      return [`no scenario of its class, ${bug.class}, kills "${bug.name}"`];
    }),
  ];
}

/** Whether a trial came to an end: one that was not needed, or that somebody stopped, proves nothing and breaks nothing. */
export function wasMade({ verdict, control }: TrialResult): boolean {
  return verdict !== null && verdict !== 'interrupted' && control !== 'interrupted';
}

/** Whether the judge's sentence names the bug, and not merely some trouble: by what happened, as what was expected is the scenario's. */
export function isNamed(bug: Bug, { reason }: Pick<TrialResult, 'reason'>): boolean {
  return new RegExp(bug.told, 'u').test(happeningIn(reason));
}

/** Draws the conclusions. */
export function conclude(results: readonly TrialResult[], bugs: readonly Bug[]): Conclusions {
  const byName = new Map(bugs.map((bug) => [bug.name, bug]));
  const isSeeded = ({ bug }: TrialResult) => (byName.get(bug)?.class ?? null) !== null;
  const kills = results.filter(killed);
  const made = results.filter((result) => wasMade(result) && result.expected !== 'spare');
  const dead = new Set(kills.map(({ bug }) => bug));
  const killers = new Set(kills.map(({ scenario }) => scenario));
  const without = (has: (bug: Bug, kill: TrialResult) => boolean) =>
    [...dead].filter((name) => {
      const bug = byName.get(name);
      return bug?.class !== null && !kills.some((kill) => kill.bug === name && bug !== undefined && has(bug, kill));
    });
  return {
    survivors: distinct(
      made.filter((each) => each.expected === 'kill' || !isSeeded(each)).map(({ bug }) => bug),
    ).filter((bug) => !dead.has(bug)),
    outOfClass: without((bug, { scenario }) => isOfClass(scenario, bug.class ?? '')),
    unnamed: without(isNamed),
    // Most scenarios have nothing to say of a program of the user's.
    idle: distinct(made.filter(isSeeded).map(({ scenario }) => scenario)).filter((scenario) => !killers.has(scenario)),
    broken: results.flatMap((result) => brokenPromise(result)),
  };
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}

function brokenPromise(result: TrialResult): string[] {
  const { scenario, bug, verdict, control, expected, reason } = result;
  if (!wasMade(result)) return [];
  if (expected === 'spare') {
    const spared = verdict === 'pass' || verdict === 'unsupported';
    return spared ? [] : [`${scenario}, a control, says ${verdict} of ${bug}: ${reason}`];
  }
  if (verdict !== 'fail') return expected === 'seek' ? [] : [`${scenario} says ${verdict} of ${bug}: ${reason}`];
  return control === 'pass' ? [] : [`${bug} says ${control ?? 'nothing'} in ${scenario} with the fault off`];
}
