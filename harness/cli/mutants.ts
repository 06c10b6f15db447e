/**
 * `halfopen mutants`: the kill matrix, shown as it comes, with what survived and what killed nothing.
 */
import { resolve } from 'node:path';

import { mutantProblems } from '../evidence/mutants.ts';
import { loadBugs, unnamedBug } from '../suite/bugs.ts';
import type { Bug } from '../suite/bugs.ts';
import { CATALOGUE_ROOT, loadCatalogue } from '../suite/catalogue.ts';
import { gaps, trialsOf } from '../suite/kill-matrix.ts';
import type { Extent, Trial } from '../suite/kill-matrix.ts';
import { runMutants } from '../suite/mutants.ts';
import { select } from '../suite/select.ts';
import { suggestion } from '../suite/nearest.ts';
import { knownSubjects, whyMissing } from '../suite/subjects.ts';
import type { KnownSubject } from '../suite/subjects.ts';
import { UsageError } from '../suite/usage-error.ts';
import { readArguments, reportFolder, seedWord, wholeNumber } from './arguments.ts';
import { beginText, matrixText, trialText } from './mutants-text.ts';
import { jsonLine, printableMessage } from './printable.ts';
import { renderedReport } from './rendered-report.ts';
import { Style } from './style.ts';

const DEFAULT_CELLS = 4;
const DEFAULT_REFERENCE = 'node';

const OPTIONS = {
  bug: { type: 'string', multiple: true },
  scenarios: { type: 'string' },
  reference: { type: 'string' },
  quick: { type: 'boolean' },
  every: { type: 'boolean' },
  cells: { type: 'string' },
  seed: { type: 'string' },
  report: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

export async function mutants(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = readArguments('mutants', args, OPTIONS);
  const reports = reportFolder(values.report, 'reports');
  const [all, subjects] = [await loadBugs(), await knownSubjects(process.cwd())];
  const root = values.scenarios === undefined ? CATALOGUE_ROOT : resolve(values.scenarios);
  const catalogue = await loadCatalogue(root).catch((cause: unknown) => noCatalogue(root, cause));
  const bugs = await runnable(chosen(values.bug, all, subjects), subjects, values.bug !== undefined);
  const trials = trialsOf(select(catalogue, positionals), bugs, extentOf(values));
  if (trials.length === 0)
    throw new UsageError('none of these scenarios is tried on any of these bugs; --every tries all');
  if (values.bug !== undefined) demandTrials(bugs, trials, values.every === true);
  const whole = positionals.length === 0 && values.bug === undefined && values.scenarios === undefined;
  const style = new Style(process.stdout);
  const request = {
    trials,
    subjects,
    reference: referenceAmong(subjects, values.reference ?? DEFAULT_REFERENCE),
    referenceFirst: values.reference !== undefined,
    quick: values.quick === true,
    whole,
    gaps: whole ? gaps(catalogue, all) : [],
    seed: seedWord(values.seed ?? '0'),
    cells: wholeNumber('cells', values.cells, { least: 1, most: 64, fallback: DEFAULT_CELLS }),
    reports,
    command: ['mutants', ...args],
  };
  if (values.json !== true) console.log(beginText(request, style));
  const { folder, matrix, exitStatus, problem } = await runMutants(
    request,
    (result) => console.log(values.json === true ? jsonLine({ type: 'trial', ...result }) : trialText(result, style)),
    signal,
  );
  const report = await renderedReport(folder, problem);
  const problems = mutantProblems(matrix);
  if (values.json === true) {
    console.log(jsonLine({ type: 'finished', folder, exitStatus, problems, report: report.index }));
  } else console.log(matrixText(matrix, problems, report.line));
  if (problem !== null) console.error(`halfopen: ${printableMessage(problem)}`);
  return exitStatus;
}

/** Whoever names a bug is not told of others only. */
function demandTrials(bugs: readonly Bug[], trials: readonly Trial[], every: boolean): void {
  const tried = new Set(trials.filter(({ expected }) => expected !== 'spare').map(({ bug }) => bug.name));
  const left = bugs.map(({ name }) => name).filter((name) => !tried.has(name));
  if (left.length === 0) return;
  const names = new Set(left);
  const which = trials.some(({ bug }) => names.has(bug.name))
    ? 'of these scenarios only controls are'
    : 'none of these scenarios is';
  const way = every ? '' : ', or try all with --every';
  throw new UsageError(
    `--bug: ${which} tried on ${left.join(', ')}: leave ${left.length === 1 ? 'it' : 'them'} out${way}`,
  );
}

function extentOf({ quick, every }: Values): Extent {
  if (quick === true && every === true) throw new UsageError('--quick and --every ask for opposite things; give one');
  return quick === true ? 'of-class' : every === true ? 'every' : 'promised';
}

function noCatalogue(root: string, cause: unknown): never {
  if (cause instanceof UsageError) throw cause;
  throw new UsageError(`--scenarios: ${root} cannot be read; it needs folders of scenarios, one claim a file`, {
    cause,
  });
}

/**
 * The seeded bugs of these names, and the user's own subjects.
 *
 * @throws {UsageError} for a name that neither has
 */
function chosen(names: readonly string[] | undefined, bugs: readonly Bug[], subjects: readonly KnownSubject[]): Bug[] {
  if (names === undefined) return [...bugs];
  const own = subjects
    .filter(({ origin }) => origin === 'user' || origin === 'reference')
    .map(({ name }) => unnamedBug(name));
  const known = [...bugs, ...own];
  return names
    .flatMap((list) => list.split(','))
    .map((name) => {
      const found = known.find((bug) => bug.name === name);
      if (found !== undefined) return found;
      const near = suggestion(
        name,
        known.map((bug) => bug.name),
      );
      throw new UsageError(`--bug: there is no bug and no subject "${name}".${near}`);
    });
}

function referenceAmong(subjects: readonly KnownSubject[], name: string): KnownSubject {
  const found = subjects.find((subject) => subject.name === name);
  if (found !== undefined) return found;
  const near = suggestion(
    name,
    subjects.map((subject) => subject.name),
  );
  throw new UsageError(`--reference: there is no subject "${name}".${near}`);
}

/**
 * The bugs whose runtime this machine has; the others are told.
 *
 * @throws {UsageError} where the user named one of the others
 */
async function runnable(bugs: readonly Bug[], subjects: readonly KnownSubject[], isNamed: boolean): Promise<Bug[]> {
  const byName = new Map(subjects.map((subject) => [subject.name, subject]));
  const found: Bug[] = [];
  for (const bug of bugs) {
    const subject = byName.get(bug.name);
    const reason = subject === undefined ? 'there is no program for it' : await whyMissing(subject);
    if (reason === null) found.push(bug);
    else if (isNamed) throw new UsageError(`--bug: ${bug.name} cannot be run here: ${reason}`);
    else console.error(`not run: ${bug.name}: ${reason}`);
  }
  return found;
}
