/**
 * The kill matrix in words: a line for what will be tried, for each trial, and what all of them came to.
 */
import { bugsTried, killed } from '../evidence/mutants.ts';
import type { Mutants, TrialResult } from '../evidence/mutants.ts';
import { counted } from '../report/text/quantity.ts';
import type { Trial } from '../suite/kill-matrix.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

/** What will be tried, before anything is. */
export function beginText(
  run: { trials: readonly Trial[]; reference: { readonly name: string }; cells: number; seed: string },
  style: Style,
): string {
  const { trials, reference, cells, seed } = run;
  const bugs = new Set(trials.map(({ bug }) => bug.name)).size;
  const scenarios = new Set(trials.map(({ entry }) => entry.id)).size;
  const controls = trials.filter(({ expected }) => expected === 'spare').length;
  const ofControls = controls === 0 ? '' : `, ${controls} of them with controls`;
  return `${style.paint('bold', 'halfopen')}  ${counted(trials.length, 'trial')} of ${counted(bugs, 'bug')} in ${counted(scenarios, 'scenario')}${ofControls}, beside ${reference.name}, in ${counted(Math.min(cells, trials.length), 'cell')} (local, wire proxy), seed ${seed}`;
}

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
export function matrixText(matrix: Mutants, problems: readonly string[], report: string): string {
  const { trials, classes, bugs } = matrix;
  const asked = trials.filter(({ expected }) => expected !== 'spare');
  const killers = new Set(asked.filter(killed).map(({ scenario }) => scenario));
  const scenarios = new Set(asked.map(({ scenario }) => scenario));
  const { tried, dead } = bugsTried(matrix);
  const byClass = classes.flatMap(({ id, title }) => {
    const own = bugs.filter((bug) => bug.class === id && tried.has(bug.name));
    const count = own.filter(({ name }) => dead.has(name)).length;
    return own.length === 0 ? [] : [`  ${id}  ${count} of ${own.length}  ${title}`];
  });
  return [
    '',
    ...problems.map((problem) => printable(problem)),
    ...byClass,
    `${dead.size} of ${counted(tried.size, 'bug')} killed, ${killers.size} of ${counted(scenarios.size, 'scenario')} killed one`,
    report,
  ].join('\n');
}
