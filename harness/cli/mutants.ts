/**
 * `halfopen mutants`: the kill matrix, shown as it comes, with what survived and what killed nothing.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { loadCatalogue } from '../suite/catalogue.ts';
import { select } from '../suite/job.ts';
import { gaps, killed, trialsOf } from '../suite/kill-matrix.ts';
import type { KillMatrix, TrialResult } from '../suite/kill-matrix.ts';
import { runMutants } from '../suite/mutants.ts';
import { suggestion } from '../suite/nearest.ts';
import { builtInSubjects, loadBugs, whyMissing } from '../suite/subjects.ts';
import type { Bug } from '../suite/subjects.ts';
import { UsageError } from '../suite/usage-error.ts';
import { readArguments, wholeNumber } from './arguments.ts';
import { Style } from './style.ts';

const DEFAULT_CELLS = 4;

export async function mutants(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = readArguments('mutants', args, {
    bug: { type: 'string', multiple: true },
    quick: { type: 'boolean' },
    cells: { type: 'string' },
    seed: { type: 'string' },
    report: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [catalogue, all, subjects] = [await loadCatalogue(), await loadBugs(), await builtInSubjects()];
  const bugs = await runnable(chosen(values.bug, all));
  const trials = trialsOf(select(catalogue, positionals), bugs);
  const folder = join(
    values.report ?? 'reports',
    `mutants-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}`,
  );
  const reference = subjects.find(({ name }) => name === 'node');
  if (reference === undefined) throw new Error('the reference subject is missing');
  await mkdir(folder, { recursive: true });
  const style = new Style(process.stdout);
  const cells = wholeNumber('cells', values.cells, { least: 1, most: 64, fallback: DEFAULT_CELLS });
  const matrix = await runMutants(
    { trials, subjects, reference, quick: values.quick === true, seed: values.seed ?? '0', cells, folder },
    (result) => console.log(values.json === true ? JSON.stringify(result) : line(result, style)),
    signal,
  );
  const whole = positionals.length === 0 && values.bug === undefined;
  const problems = [...(whole ? gaps(catalogue, all) : []), ...problemsOf(matrix)];
  if (values.json !== true) console.log(closing(matrix, problems, join(folder, 'kill-matrix.json')));
  return signal.aborted ? 130 : problems.length === 0 ? 0 : 1;
}

/** @throws {UsageError} for a name that no bug has */
function chosen(names: readonly string[] | undefined, bugs: readonly Bug[]): Bug[] {
  if (names === undefined) return [...bugs];
  return names.map((name) => {
    const found = bugs.find((bug) => bug.name === name);
    if (found !== undefined) return found;
    const near = suggestion(
      name,
      bugs.map((bug) => bug.name),
    );
    throw new UsageError(`--bug: there is no bug "${name}".${near}`);
  });
}

/** The bugs whose runtime this machine has; the others are told. */
async function runnable(bugs: readonly Bug[]): Promise<Bug[]> {
  const subjects = new Map((await builtInSubjects()).map((subject) => [subject.name, subject]));
  const found: Bug[] = [];
  for (const bug of bugs) {
    const subject = subjects.get(bug.name);
    const reason = subject === undefined ? 'there is no subject for it' : await whyMissing(subject);
    if (reason === null) found.push(bug);
    else console.error(`not run: ${bug.name}: ${reason}`);
  }
  return found;
}

function line(result: TrialResult, style: Style): string {
  const { scenario, bug, verdict, expected, role, control } = result;
  if (verdict === null) return style.paint('dim', `  –  ${bug}  ${scenario}  not needed`);
  const good = expected === 'kill' ? killed(result) : verdict === 'pass' || verdict === 'unsupported';
  const mark = style.paint(
    good ? 'green' : 'red',
    expected === 'kill' ? (good ? '✓ killed' : '✗ not killed') : good ? '✓ spared' : '✗ not spared',
  );
  const how = style.paint(
    'dim',
    `${verdict}${control === null ? '' : `, ${control} with the fault off`}${role === 'both' || role === null ? '' : `, as ${role}`}`,
  );
  return `${mark}  ${bug}  ${scenario}  ${how}\n    ${style.paint('dim', result.reason)}`;
}

function problemsOf({ survivors, idle, broken }: KillMatrix): string[] {
  return [
    ...broken,
    ...survivors.map((bug) => `${bug} survived every scenario`),
    ...idle.map((scenario) => `${scenario} killed nothing`),
  ];
}

function closing(matrix: KillMatrix, problems: readonly string[], path: string): string {
  const kills = matrix.results.filter((result) => result.expected === 'kill');
  const dead = new Set(kills.filter(killed).map(({ bug }) => bug)).size;
  const at = new Set(kills.filter(killed).map(({ scenario }) => scenario)).size;
  const bugs = new Set(kills.map(({ bug }) => bug)).size;
  const scenarios = new Set(kills.map(({ scenario }) => scenario)).size;
  return ['', ...problems, `${dead} of ${bugs} bugs killed, ${at} of ${scenarios} scenarios killed one`, path].join(
    '\n',
  );
}
