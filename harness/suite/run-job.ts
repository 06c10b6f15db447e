/**
 * Runs one job to its result: attempt, judge, and again where an attempt proved nothing.
 *
 * Owns the retry of an `unknown` (never of a `fail`) and the verdict of an attempt whose evidence is beyond judging.
 */
import { join } from 'node:path';

import { ATTEMPT_FILES, attemptFolder } from '../evidence/folder.ts';
import type { Result } from '../evidence/run.ts';
import { unjudged } from '../evidence/unjudged.ts';
import type { Verdict } from '../evidence/verdict.ts';
import { writeJson } from '../evidence/write-json.ts';
import { runAttempt } from '../run/attempt.ts';
import type { Cell } from '../run/cell.ts';
import { monotonicMs } from '../run/clock.ts';
import type { HeldAttempt, Onlooker } from '../run/onlooker.ts';
import { notWritten, problemOf } from '../run/run-error.ts';
import type { Job } from './job.ts';
import { judgeAside, JudgeEnded } from './judge-aside.ts';
import { isPlainJob } from './plain-job.ts';
import type { AnyJob } from './plain-job.ts';
import { tagsOf } from './select.ts';

/** An `unknown` is tried this often in all. */
const MAX_ATTEMPTS = 3;

/** Beside the attempts that count: what was enacted again only to be looked into. */
const HELD_FOLDER = 'held';

/** A job's result, and the verdict in full where an attempt was judged. */
export interface JobOutcome {
  readonly result: Result;
  readonly verdict: Verdict | null;
}

/** The result of a job that is not run at all. */
export function excusedResult(job: AnyJob, excuse: { verdict: Result['verdict']; reason: string }): Result {
  return { ...describe(job), ...excuse, unknownReason: null, attempts: [], durationMs: 0, evidence: null };
}

type Described =
  | 'scenario'
  | 'claim'
  | 'tags'
  | 'cell'
  | 'proxy'
  | 'server'
  | 'client'
  | 'variant'
  | 'repetition'
  | 'waitsMs'
  | 'given'
  | 'kernel';

function describe(job: AnyJob): Pick<Result, Described> {
  const { scenario, claim, cell, proxy, server, client, variant, waitsMs } = job.plan;
  const tags = tagsOf(job.entry);
  const more = {
    ...(tags.length === 0 ? {} : { tags }),
    ...('given' in job ? { given: job.given } : {}),
    ...(isPlainJob(job) ? {} : givenKernel(job)),
  };
  return { scenario, claim, cell, proxy, server, client, variant, repetition: job.repetition, waitsMs, ...more };
}

/** Clocks that a scenario names itself need not be asked for to run it again. */
function givenKernel({ plan: { kernel }, entry: { scenario } }: Job): Pick<Result, 'kernel'> {
  return kernel === undefined || scenario.kernel !== undefined ? {} : { kernel };
}

/**
 * Runs a job. Never throws: what goes wrong becomes a `setup-error`.
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
  return resultOf(job, async (number) => {
    const evidence = attemptFolder(job.plan, job.repetition, number);
    const verdict = await attemptOnce(job, cell, join(runFolder, evidence), signal, onlooker);
    return { verdict, evidence, waitsMs: job.plan.waitsMs };
  });
}

/** What one attempt came to, and where it is recorded. */
export interface Tried {
  readonly verdict: Verdict;
  /** Relative to the run's folder. */
  readonly evidence: string;
  readonly waitsMs: number;
}

/**
 * Tries a job until an attempt proves something.
 *
 * @param tryOnce makes the attempt of that number, from 1; must not throw
 */
export async function resultOf(job: AnyJob, tryOnce: (number: number) => Promise<Tried>): Promise<JobOutcome> {
  const attempts: Result['attempts'] = [];
  const startedMs = monotonicMs();
  for (;;) {
    const attemptMs = monotonicMs();
    const { verdict, evidence, waitsMs } = await tryOnce(attempts.length + 1);
    const durationMs = round(monotonicMs() - attemptMs);
    attempts.push({ verdict: verdict.verdict, reason: verdict.reason, evidence, durationMs });
    if (verdict.verdict === 'unknown' && attempts.length < MAX_ATTEMPTS) continue;
    const { reason, unknownReason, encounters } = verdict;
    const result: Result = {
      ...describe(job),
      waitsMs,
      verdict: verdict.verdict,
      reason,
      unknownReason,
      attempts,
      durationMs: round(monotonicMs() - startedMs),
      evidence,
      ...(encounters === undefined ? {} : { encounters }),
    };
    return { result, verdict };
  }
}

async function attemptOnce(
  job: Job,
  cell: Cell,
  folder: string,
  signal: AbortSignal,
  onlooker: Onlooker,
): Promise<Verdict> {
  try {
    await runAttempt(job.plan, { server: job.server, client: job.client }, { cell, folder, onlooker }, signal);
    const verdict = await judgeAside(folder);
    await writeJson(join(folder, ATTEMPT_FILES.verdict), verdict).catch((error: unknown) => {
      throw notWritten(folder, error);
    });
    return verdict;
  } catch (error) {
    return error instanceof JudgeEnded ? judgeCrashed(error.message) : setupError(problemOf(error));
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
  await runAttempt(job.plan, { server: job.server, client: job.client }, { cell, folder, onlooker: { hold } }, signal);
}

/** The verdict of an attempt that left nothing to judge. */
export function setupError(reason: string): Verdict {
  return unjudged({ verdict: 'setup-error', reason, unknownReason: null });
}

function judgeCrashed(reason: string): Verdict {
  return unjudged({ verdict: 'unknown', reason, unknownReason: 'judge-crashed' });
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
