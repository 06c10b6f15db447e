/**
 * Runs one job to its result: attempt, judge, and again where an attempt proved nothing.
 *
 * Owns which part of that needs a cell, and the verdict of an attempt whose evidence is beyond judging.
 */
import { join } from 'node:path';

import { ATTEMPT_FILES, attemptFolder } from '../evidence/folder.ts';
import { unjudged } from '../evidence/unjudged.ts';
import type { Verdict } from '../evidence/verdict.ts';
import { writeJson } from '../evidence/write-json.ts';
import { runAttempt } from '../run/attempt.ts';
import type { Cell } from '../run/cell.ts';
import { monotonicMs } from '../run/clock.ts';
import type { HeldAttempt, Onlooker } from '../run/onlooker.ts';
import { notWritten, problemOf } from '../run/run-error.ts';
import type { Job } from './job.ts';
import { setupError, Tries } from './job-result.ts';
import type { JobOutcome } from './job-result.ts';
import { judgeAside, JudgeEnded } from './judge-aside.ts';
import type { Task } from './pool.ts';

/** Beside the attempts that count: what was enacted again only to be looked into. */
const HELD_FOLDER = 'held';

/** Attempts of a job in cells, each judged once its cell is free again. What goes wrong becomes a `setup-error`. */
export class JobTask implements Task<JobOutcome> {
  readonly keepsCell = false;
  readonly #job: Job;
  readonly #runFolder: string;
  readonly #signal: AbortSignal;
  readonly #onlooker: Onlooker;
  readonly #tries: Tries;
  #startedMs = 0;
  /** Of an attempt that could not be recorded. */
  #unrecorded: Verdict | null = null;

  /** @param onlooker told how far each attempt is */
  constructor(job: Job, runFolder: string, signal: AbortSignal, onlooker: Onlooker = {}) {
    this.#job = job;
    this.#runFolder = runFolder;
    this.#signal = signal;
    this.#onlooker = onlooker;
    this.#tries = new Tries(job);
  }

  /** Makes the next attempt. */
  async run(cell: Cell): Promise<void> {
    this.#startedMs = monotonicMs();
    this.#unrecorded = null;
    const folder = join(this.#runFolder, this.#evidence);
    await enactIn(cell, this.#job, folder, this.#onlooker, this.#signal).catch((error: unknown) => {
      this.#unrecorded = setupError(problemOf(error));
    });
  }

  /** Judges it. */
  async conclude(): Promise<JobOutcome | null> {
    const evidence = this.#evidence;
    const verdict = this.#unrecorded ?? (await judged(join(this.#runFolder, evidence)));
    const tried = { verdict, evidence, waitsMs: this.#job.plan.waitsMs };
    return this.#tries.note(tried, monotonicMs() - this.#startedMs);
  }

  /** Where the attempt goes that is not judged yet. */
  get #evidence(): string {
    return attemptFolder(this.#job.plan, this.#job.repetition, this.#tries.next);
  }
}

/**
 * Runs a job in one cell. Never throws: what goes wrong becomes a `setup-error`.
 *
 * @param onlooker told how far each attempt is
 */
export async function runJob(
  job: Job,
  cell: Cell,
  runFolder: string,
  signal: AbortSignal,
  onlooker: Onlooker = {},
): Promise<JobOutcome> {
  const task = new JobTask(job, runFolder, signal, onlooker);
  for (;;) {
    await task.run(cell);
    const outcome = await task.conclude();
    if (outcome !== null) return outcome;
  }
}

/**
 * Enacts a job once more and stops it where its exchange is over, for someone to look into. It is not judged.
 *
 * @param hold awaited with everything still running; what it throws ends the attempt
 */
export async function holdJob(
  job: Job,
  cell: Cell,
  runFolder: string,
  hold: (held: HeldAttempt) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const folder = join(runFolder, HELD_FOLDER, attemptFolder(job.plan, job.repetition, 1));
  await enactIn(cell, job, folder, { hold }, signal);
}

async function enactIn(
  cell: Cell,
  { plan, server, client }: Job,
  folder: string,
  onlooker: Onlooker,
  signal: AbortSignal,
): Promise<void> {
  await runAttempt(plan, { server, client }, { cell: cell.facing(plan.proxy), folder, onlooker }, signal);
}

/** The verdict on the attempt in a folder, which is written there too. */
async function judged(folder: string): Promise<Verdict> {
  try {
    const verdict = await judgeAside(folder);
    await writeJson(join(folder, ATTEMPT_FILES.verdict), verdict).catch((error: unknown) => {
      throw notWritten(folder, error);
    });
    return verdict;
  } catch (error) {
    return error instanceof JudgeEnded ? judgeCrashed(error.message) : setupError(problemOf(error));
  }
}

function judgeCrashed(reason: string): Verdict {
  return unjudged({ verdict: 'unknown', reason, unknownReason: 'judge-crashed' });
}
