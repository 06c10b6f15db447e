/**
 * `junit.xml` of a run of seeded bugs: a test is a bug, and passes when the bug was killed.
 *
 * A scenario's failure is what was hoped for there, so that its results would tell a CI job the contrary.
 */
import type { Mutants } from '../evidence/mutants.ts';
import { INTERRUPTED } from './headline.ts';
import type { Suite, Test } from './junit-xml.ts';

/** @param exitStatus of the run; null: it has not ended */
export function mutantSuites(mutants: Mutants, exitStatus: number | null): Suite[] {
  const { bugs, classes, trials, idle, broken, gaps } = mutants;
  const titles = new Map(classes.map(({ id, title }) => [id, title]));
  const made = trials.filter(
    ({ verdict, expected }) => verdict !== null && verdict !== 'interrupted' && expected !== 'spare',
  );
  const met = new Set(made.map(({ bug }) => bug));
  const scenarios = [...new Set(made.map(({ scenario }) => scenario))];
  return [
    {
      name: 'seeded bugs',
      tests: bugs.map((bug) => {
        const test = bugTest(bug, titles.get(bug.class ?? '') ?? '', mutants);
        return met.has(bug.name) ? test : { ...test, outcome: { kind: 'skipped', message: 'not tried in this run' } };
      }),
    },
    {
      name: 'scenarios',
      tests: scenarios.map((scenario) =>
        plainTest(`${scenario} catches something`, 'scenarios', idle.includes(scenario) ? ['it killed nothing'] : []),
      ),
    },
    {
      name: 'promises',
      tests: [
        plainTest('every single promise is kept', 'promises', broken),
        plainTest('every promise can be kept', 'promises', gaps),
        endTest(exitStatus),
      ],
    },
  ];
}

/** A run that was stopped has fewer failures than it might have had: no CI job may take it for a good one. */
function endTest(exitStatus: number | null): Test {
  const test = plainTest('every trial was made', 'promises', []);
  if (exitStatus !== null && exitStatus < INTERRUPTED) return test;
  const message = 'the run was stopped before its end';
  return { ...test, outcome: { kind: 'error', type: 'interrupted', message, body: message } };
}

function bugTest({ name, bug, class: ofClass, violates }: Mutants['bugs'][number], title: string, all: Mutants): Test {
  const wrong = [
    ...(all.survivors.includes(name) ? ['it survived every scenario'] : []),
    ...(all.outOfClass.includes(name) ? ['it was killed, but by no scenario of its class'] : []),
    ...(all.unnamed.includes(name) ? ['it was killed, but by no sentence that names it'] : []),
  ];
  const what = [bug, `violates: ${violates}`, ...(ofClass === null ? [] : [`class: ${ofClass} ${title}`.trim()])];
  return { ...plainTest(`${name} is killed`, `bugs.${ofClass ?? 'own'}`, wrong), out: what.join('\n') };
}

function plainTest(name: string, className: string, wrong: readonly string[]): Test {
  const [message] = wrong;
  const body = wrong.join('\n');
  return {
    name,
    className,
    tookMs: 0,
    outcome: message === undefined ? { kind: 'passed' } : { kind: 'failure', type: 'mutants', message, body },
    properties: {},
    out: '',
  };
}
