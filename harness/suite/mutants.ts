/**
 * Runs the kill matrix: every seeded bug against the scenarios that promise to catch it, with the fault on and off.
 *
 * Owns who plays which role in a trial, in which order trials are made and which are not needed; what it all means is
 * `kill-matrix.ts`. Leaves a run folder like any other, with `mutants.json` in it.
 */
import { join } from 'node:path';

import { RUN_FILES } from '../evidence/folder.ts';
import { killed } from '../evidence/mutants.ts';
import type { Mutants, TrialResult } from '../evidence/mutants.ts';
import type { Plan } from '../evidence/plan.ts';
import type { Result, Run } from '../evidence/run.ts';
import { writeJson } from '../evidence/write-json.ts';
import type { Cell } from '../run/cell.ts';
import { openLocalCell } from '../run/local/local-cell.ts';
import { BUG_CLASSES } from './bug-classes.ts';
import type { Bug } from './bugs.ts';
import { writeEnvironment } from './environment.ts';
import { makeJobs } from './job.ts';
import type { Job } from './job.ts';
import { interruptionOf, mutantsStatus } from './exit-status.ts';
import { conclude, isNamed, rolesOf } from './kill-matrix.ts';
import type { Role, Trial } from './kill-matrix.ts';
import { tellingOf } from './trial-result.ts';
import { inOneGo, runPool } from './pool.ts';
import { RunFile } from './run-file.ts';
import { runJob } from './run-job.ts';
import type { KnownSubject } from './subjects.ts';
import { programOf, subjectFacts } from './subject-facts.ts';
import { thinned } from './thin-sweep.ts';

export interface MutantsRequest {
  readonly trials: readonly Trial[];
  /** The bugs of the trials, as programs. */
  readonly subjects: readonly KnownSubject[];
  /** The correct subject that plays the other role, where the bug plays one. */
  readonly reference: KnownSubject;
  /** The bug plays one role before it plays both: somebody asked for this reference. Default false. */
  readonly referenceFirst?: boolean;
  /** Leave a bug once a scenario has killed and named it: the cheapest are tried first, and sweeps at fewer places. */
  readonly quick: boolean;
  /** These are all scenarios and all bugs: only then it tells something that a bug was killed by none of its class. */
  readonly whole: boolean;
  /** Promises that cannot be kept whatever is run, a sentence each. */
  readonly gaps: readonly string[];
  readonly seed: string;
  readonly cells: number;
  /** Where run folders are made. */
  readonly reports: string;
  /** The command line, for the record. */
  readonly command: readonly string[];
}

/** A run of the matrix that is over. */
export interface MutantsRun {
  readonly folder: string;
  readonly matrix: Mutants;
  readonly exitStatus: number;
  /** Why the run could not be written down; null: it was. */
  readonly problem: string | null;
}

/** A quick run asks a sweep at this many of its places. */
const PLACES_OF_A_SWEEP = 32;

/**
 * Makes the trials and writes `run.json` and `mutants.json`.
 *
 * @param onResult told of each trial as it is done
 * @throws {UsageError} where the report folder can't be written
 */
export async function runMutants(
  request: MutantsRequest,
  onResult: (result: TrialResult) => void,
  signal: AbortSignal,
): Promise<MutantsRun> {
  const file = await RunFile.create(request.reports, { ...request, expected: request.trials.length }, 'mutants');
  await writeEnvironment(file.folder, await subjectFacts(startedBy(request)));
  const trials = new Trials(request, file, signal);
  const results: TrialResult[] = [];
  await runPool(
    {
      jobs: request.quick ? chainsOf(request) : request.trials.map((trial) => [trial]),
      cells: request.cells,
      open: openLocalCell,
      begin: (chain) =>
        inOneGo(async (cell) => {
          for (const trial of chain) {
            if (signal.aborted) return;
            const result = await trials.make(trial, cell);
            results.push(result);
            onResult(result);
            if (request.quick && killed(result) && isNamed(trial.bug, result)) return;
          }
        }),
      onStart: () => {},
      onOutcome: () => Promise.resolve(true),
    },
    signal,
  );
  const matrix = matrixOf(request, results);
  await writeJson(join(file.folder, RUN_FILES.mutants), matrix);
  const statusOf = ({ problem }: Pick<Run, 'problem'>): number =>
    mutantsStatus(matrix, interruptionOf(signal), problem);
  const run = await file.finish(statusOf);
  return { folder: file.folder, matrix, exitStatus: statusOf(run), problem: file.problem };
}

/** The programs of the trials. */
function startedBy({ trials, subjects, reference }: MutantsRequest): ReturnType<typeof programOf>[] {
  const bugs = new Set(trials.map(({ bug }) => bug.name));
  return [reference, ...subjects.filter(({ name }) => bugs.has(name))].map(programOf);
}

/** One chain for each bug, its trials from the cheapest on, and one for each control; the longest chains first. */
function chainsOf(request: MutantsRequest): Trial[][] {
  const cost = (trial: Trial): number => jobOf(request, trial, 'both', 'fault').plan.waitsMs;
  const costs = new Map(request.trials.map((trial) => [trial, cost(trial)]));
  const costOf = (trial: Trial | undefined): number => (trial === undefined ? 0 : (costs.get(trial) ?? 0));
  const controls = request.trials.filter(({ expected }) => expected === 'spare').map((trial) => [trial]);
  const others = request.trials.filter(({ expected }) => expected !== 'spare');
  const byBug = [...Map.groupBy(others, ({ bug }) => bug.name).values()].map((chain) =>
    chain.toSorted((one, other) => costOf(one) - costOf(other)),
  );
  return [...byBug, ...controls].toSorted(([one], [other]) => costOf(other) - costOf(one));
}

function matrixOf({ trials, whole, gaps }: MutantsRequest, results: readonly TrialResult[]): Mutants {
  const bugs: Bug[] = [...new Set(trials.map(({ bug }) => bug))];
  const entries = [...new Set(trials.map(({ entry }) => entry))];
  return {
    bugs: bugs.map(({ name, class: own, bug, violates, publicCase }) => ({
      name,
      class: own,
      bug,
      violates,
      publicCase,
    })),
    classes: BUG_CLASSES.map(({ id, title }) => ({ id, title })),
    claims: Object.fromEntries(entries.map(({ id, scenario }) => [id, scenario.kills])),
    trials: [...results],
    ...conclude(results, bugs),
    ...(whole ? {} : { outOfClass: [] }),
    whole,
    gaps: [...gaps],
  };
}

class Trials {
  readonly #request: MutantsRequest;
  readonly #file: RunFile;
  readonly #signal: AbortSignal;

  constructor(request: MutantsRequest, file: RunFile, signal: AbortSignal) {
    this.#request = request;
    this.#file = file;
    this.#signal = signal;
  }

  /** One trial: the bug in both roles and in one, until it is caught; then the same with the fault off. */
  async make(trial: Trial, cell: Cell): Promise<TrialResult> {
    const made: { role: Role; result: Result }[] = [];
    for (const role of rolesOf(trial, this.#request.referenceFirst === true)) {
      const result = await this.#run(trial, role, 'fault', cell);
      made.push({ role, result });
      if (result.verdict === 'fail') break;
    }
    const told = tellingOf(made);
    const named = { scenario: trial.entry.id, bug: trial.bug.name, expected: trial.expected };
    if (told === undefined) return { ...named, role: null, verdict: null, reason: 'not run', control: null };
    const { role, result } = told;
    const isCaught = result.verdict === 'fail' && trial.expected !== 'spare';
    const control = isCaught ? (await this.#run(trial, role, 'control', cell)).verdict : null;
    return { ...named, role, verdict: result.verdict, reason: result.reason, control };
  }

  async #run(trial: Trial, role: Role, variant: Plan['variant'], cell: Cell): Promise<Result> {
    const job = jobOf(this.#request, trial, role, variant);
    const { result } = await runJob(job, cell, this.#file.folder, this.#signal);
    await this.#file.add(result);
    return result;
  }
}

function jobOf(request: MutantsRequest, { entry, bug }: Trial, role: Role, variant: Plan['variant']): Job {
  const { subjects, reference, quick, seed } = request;
  const buggy = subjects.find(({ name }) => name === bug.name);
  if (buggy === undefined) throw new Error(`there is no subject for the bug ${bug.name}`);
  const scenario = quick ? thinned(entry.scenario, PLACES_OF_A_SWEEP) : entry.scenario;
  const [job] = makeJobs({
    entries: [{ ...entry, scenario }],
    servers: [role === 'client' ? reference : buggy],
    clients: [role === 'server' ? reference : buggy],
    seed,
    cell: 'local',
    proxy: 'wire',
    repeat: 1,
    missing: new Map(),
    variant,
  });
  if (job === undefined) throw new Error(`no job came of ${entry.id}`);
  return job;
}
