/**
 * A job's result, put together from what each attempt came to.
 *
 * Owns the retry of an `unknown` (never of a `fail`), and what a result says of its job.
 */
import type { Result } from '../evidence/run.ts';
import { unjudged } from '../evidence/unjudged.ts';
import type { Verdict } from '../evidence/verdict.ts';
import type { Job } from './job.ts';
import { isPlainJob } from './plain-job.ts';
import type { AnyJob } from './plain-job.ts';
import { tagsOf } from './select.ts';

/** An `unknown` is tried this often in all. */
const MAX_ATTEMPTS = 3;

/** A job's result, and the verdict in full where an attempt was judged. */
export interface JobOutcome {
  readonly result: Result;
  readonly verdict: Verdict | null;
}

/** What one attempt came to, and where it is recorded. */
export interface Tried {
  readonly verdict: Verdict;
  /** Relative to the run's folder. */
  readonly evidence: string;
  readonly waitsMs: number;
}

/** The attempts of one job. */
export class Tries {
  readonly #job: AnyJob;
  readonly #attempts: Result['attempts'] = [];

  constructor(job: AnyJob) {
    this.#job = job;
  }

  /** The number of the attempt that is to come, from 1. */
  get next(): number {
    return this.#attempts.length + 1;
  }

  /** Takes what an attempt came to; `null` where the job is to be tried again. */
  note({ verdict, evidence, waitsMs }: Tried, tookMs: number): JobOutcome | null {
    const { verdict: word, reason, unknownReason, encounters } = verdict;
    this.#attempts.push({ verdict: word, reason, evidence, durationMs: round(tookMs) });
    if (word === 'unknown' && this.#attempts.length < MAX_ATTEMPTS) return null;
    const result: Result = {
      ...describe(this.#job),
      waitsMs,
      verdict: word,
      reason,
      unknownReason,
      attempts: this.#attempts,
      // Not what it waited for a cell in between.
      durationMs: round(this.#attempts.reduce((sum, { durationMs }) => sum + durationMs, 0)),
      evidence,
      ...(encounters === undefined ? {} : { encounters }),
    };
    return { result, verdict };
  }
}

/** The result of a job that is not run at all. */
export function excusedResult(job: AnyJob, excuse: { verdict: Result['verdict']; reason: string }): Result {
  return { ...describe(job), ...excuse, unknownReason: null, attempts: [], durationMs: 0, evidence: null };
}

/** The verdict of an attempt that left nothing to judge. */
export function setupError(reason: string): Verdict {
  return unjudged({ verdict: 'setup-error', reason, unknownReason: null });
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

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
