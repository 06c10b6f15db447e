/**
 * Runs the kill matrix: every seeded bug against the scenarios that promise to catch it, with the fault on and off.
 *
 * Owns who plays which role in a trial and when the next one is not needed; what it all means is `kill-matrix.ts`.
 */
import { join } from 'node:path';

import type { Plan } from '../evidence/plan.ts';
import { writeJson } from '../evidence/write-json.ts';
import type { Cell } from '../run/cell.ts';
import { openLocalCell } from '../run/local/local-cell.ts';
import { makeJobs } from './job.ts';
import type { Job } from './job.ts';
import { conclude, killed } from './kill-matrix.ts';
import type { KillMatrix, Trial, TrialResult } from './kill-matrix.ts';
import { runPool } from './pool.ts';
import { runJob } from './run-job.ts';
import type { JobOutcome } from './run-job.ts';
import type { KnownSubject } from './subjects.ts';

export interface MutantsRequest {
  readonly trials: readonly Trial[];
  readonly subjects: readonly KnownSubject[];
  /** The correct subject that plays the other role. */
  readonly reference: KnownSubject;
  /** Leave out a trial once its bug is dead and its scenario has killed. */
  readonly quick: boolean;
  readonly seed: string;
  readonly cells: number;
  /** Where the evidence and the matrix go. */
  readonly folder: string;
}

/** Who plays the bug, in the order in which it is tried. */
const ROLES = ['both', 'client', 'server'] as const;

/**
 * Makes every trial and writes `kill-matrix.json`.
 *
 * @param onResult told of each as it comes
 */
export async function runMutants(
  request: MutantsRequest,
  onResult: (result: TrialResult) => void,
  signal: AbortSignal,
): Promise<KillMatrix> {
  const results: TrialResult[] = [];
  const byJob = new Map(request.trials.map((trial) => [jobOf(request, trial, 'both', 'fault'), trial]));
  const trials = new Trials(request, results, signal);
  await runPool(
    {
      jobs: [...byJob.keys()],
      cells: request.cells,
      open: openLocalCell,
      run: async (job, cell) => {
        const trial = byJob.get(job);
        if (trial !== undefined) {
          const result = await trials.make(trial, cell);
          results.push(result);
          onResult(result);
        }
        return NOTHING;
      },
      onStart: () => {},
      onOutcome: () => Promise.resolve(true),
    },
    signal,
  );
  const matrix = conclude(results);
  await writeJson(join(request.folder, 'kill-matrix.json'), matrix);
  return matrix;
}

/** Results are kept by trial, not by job. */
const NOTHING = { verdict: null } as unknown as JobOutcome;

class Trials {
  readonly #request: MutantsRequest;
  readonly #results: readonly TrialResult[];
  readonly #signal: AbortSignal;

  constructor(request: MutantsRequest, results: readonly TrialResult[], signal: AbortSignal) {
    this.#request = request;
    this.#results = results;
    this.#signal = signal;
  }

  /** One trial: the bug in both roles, then in one, until it is caught; then the same with the fault off. */
  async make(trial: Trial, cell: Cell): Promise<TrialResult> {
    const named = { scenario: trial.entry.id, bug: trial.bug.name, expected: trial.expected };
    if (this.#isNotNeeded(trial)) return { ...named, role: null, verdict: null, reason: 'not needed', control: null };
    const roles = trial.expected === 'spare' ? (['both'] as const) : ROLES;
    let last: TrialResult | null = null;
    for (const role of roles) {
      const { verdict, reason } = (await this.#run(trial, role, 'fault', cell)).result;
      const isBetter = last === null || verdict === 'fail';
      if (isBetter) last = { ...named, role, verdict, reason, control: null };
      if (verdict === 'fail') break;
    }
    if (last?.verdict !== 'fail' || last.role === null) {
      return last ?? { ...named, role: null, verdict: null, reason: 'not run', control: null };
    }
    const control = (await this.#run(trial, last.role, 'control', cell)).result.verdict;
    return { ...last, control };
  }

  #isNotNeeded({ entry, bug, expected }: Trial): boolean {
    if (!this.#request.quick || expected === 'spare') return false;
    const kills = this.#results.filter((result) => result.expected === 'kill' && killed(result));
    return kills.some((kill) => kill.bug === bug.name) && kills.some((kill) => kill.scenario === entry.id);
  }

  #run(trial: Trial, role: (typeof ROLES)[number], variant: Plan['variant'], cell: Cell): Promise<JobOutcome> {
    return runJob(jobOf(this.#request, trial, role, variant), cell, this.#request.folder, this.#signal);
  }
}

function jobOf(
  { subjects, reference, seed }: MutantsRequest,
  { entry, bug }: Trial,
  role: (typeof ROLES)[number],
  variant: Plan['variant'],
): Job {
  const broken = subjects.find(({ name }) => name === bug.name);
  if (broken === undefined) throw new Error(`there is no subject for the bug ${bug.name}`);
  const [job] = makeJobs({
    entries: [entry],
    servers: [role === 'client' ? reference : broken],
    clients: [role === 'server' ? reference : broken],
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
