/**
 * The kill matrix in words: a line for each trial, and what all of them came to.
 */
import type { Mutants, TrialResult } from '../evidence/mutants.ts';
import { killed } from '../suite/kill-matrix.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

/** One trial: what it came to, and the judge's sentence below. */
export function trialText(result: TrialResult, style: Style): string {
  const { scenario, bug, role, verdict, control, reason } = result;
  const [mark, colour] = markOf(result);
  const off = control === null ? '' : `, ${control} with the fault off`;
  const as = role === 'both' || role === null ? '' : `, as ${role}`;
  const how = style.paint('dim', `${verdict ?? 'not run'}${off}${as}`);
  return `${style.paint(colour, mark)}  ${bug}  ${scenario}  ${how}\n    ${style.paint('dim', printable(reason))}`;
}

function markOf(result: TrialResult): [string, 'green' | 'red' | 'dim'] {
  const { expected, verdict } = result;
  if (expected === 'spare') {
    return verdict === 'pass' || verdict === 'unsupported' ? ['✓ spared', 'green'] : ['✗ not spared', 'red'];
  }
  if (killed(result)) return ['✓ killed', 'green'];
  return expected === 'kill' ? ['✗ not killed', 'red'] : ['· not killed', 'dim'];
}

/**
 * The end of a run: its problems, its counts, its report.
 *
 * @param problems a sentence each
 * @param report what to say of the report
 */
export function matrixText({ trials, classes, bugs }: Mutants, problems: readonly string[], report: string): string {
  const asked = trials.filter(({ expected }) => expected !== 'spare');
  const dead = new Set(asked.filter(killed).map(({ bug }) => bug));
  const killers = new Set(asked.filter(killed).map(({ scenario }) => scenario));
  const tried = { bugs: new Set(asked.map(({ bug }) => bug)), scenarios: new Set(asked.map((each) => each.scenario)) };
  const byClass = classes.flatMap(({ id, title }) => {
    const own = bugs.filter((bug) => bug.class === id && tried.bugs.has(bug.name));
    const count = own.filter(({ name }) => dead.has(name)).length;
    return own.length === 0 ? [] : [`  ${id}  ${count} of ${own.length}  ${title}`];
  });
  return [
    '',
    ...problems.map(printable),
    ...byClass,
    `${dead.size} of ${tried.bugs.size} bugs killed, ${killers.size} of ${tried.scenarios.size} scenarios killed one`,
    report,
  ].join('\n');
}
