/**
 * Runs one plain scenario with one plain pair to its result.
 *
 * Owns that a pair first shows what it does without faults: a pair that does not work then proves nothing, and where the
 * faults are to lie is known only afterwards.
 */
import { join } from 'node:path';

import { isPlain } from '../evidence/evidence.ts';
import type { PlainEvidence } from '../evidence/evidence.ts';
import { ATTEMPT_FILES, attemptFolder } from '../evidence/folder.ts';
import type { PlainPlan } from '../evidence/plan.ts';
import { readAnyEvidence } from '../evidence/read-evidence.ts';
import type { Verdict } from '../evidence/verdict.ts';
import { writeJson } from '../evidence/write-json.ts';
import { judgePlain } from '../judge/plain/judge-plain.ts';
import { steady } from '../judge/plain/steady.ts';
import { makeControlPlan, makeFaultPlan, measure, NothingThere } from '../plan/plain-plan.ts';
import type { Measured } from '../plan/plain-plan.ts';
import type { Cell } from '../run/cell.ts';
import { monotonicMs } from '../run/clock.ts';
import { runPlainAttempt } from '../run/plain/plain-attempt.ts';
import { problemOf } from '../run/run-error.ts';
import { setupError, Tries } from './job-result.ts';
import type { JobOutcome, Tried } from './job-result.ts';
import type { PlainJob } from './plain-job.ts';

/** Runs a job. Never throws: what goes wrong becomes a `setup-error`. */
export async function runPlainJob(
  job: PlainJob,
  cell: Cell,
  runFolder: string,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const tries = new Tries(job);
  for (;;) {
    const startedMs = monotonicMs();
    const tried = await triedOnce(job, { cell, runFolder, attempt: tries.next, signal });
    const outcome = tries.note(tried, monotonicMs() - startedMs);
    if (outcome !== null) return outcome;
  }
}

async function triedOnce(job: PlainJob, place: PlainPlace): Promise<Tried> {
  try {
    return await attemptPlain(job, place);
  } catch (error) {
    const evidence = attemptFolder(job.plan, job.repetition, place.attempt);
    return { verdict: setupError(problemOf(error)), evidence, waitsMs: job.plan.waitsMs };
  }
}

/** Where the attempts of one job go, and what ends them. */
interface PlainPlace {
  readonly cell: Cell;
  readonly runFolder: string;
  /** Which try of this job, from 1. */
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/**
 * Runs a job once: without faults, and then, unless that is all that is asked for, under them.
 *
 * @throws {RunError} where evidence can't be written
 */
async function attemptPlain(job: PlainJob, place: PlainPlace): Promise<Tried> {
  const placement = placementOf(job);
  const { id, scenario } = job.entry;
  const control = await attemptOnce(job, makeControlPlan(id, scenario, job.client.program, placement), place);
  if (job.plan.variant === 'control') return control.outcome;
  const measured = control.outcome.verdict.verdict === 'pass' ? control.measured : null;
  if (measured === null) return { ...control.outcome, verdict: withoutControl(control.outcome.verdict) };
  try {
    const plan = makeFaultPlan(id, scenario, job.client.program, placement, measured);
    return (await attemptOnce(job, plan, place)).outcome;
  } catch (error) {
    if (!(error instanceof NothingThere)) throw error;
    return {
      ...control.outcome,
      verdict: { ...control.outcome.verdict, verdict: 'unsupported', reason: error.message },
    };
  }
}

function placementOf({ plan: { cell, proxy, server, client, seed } }: PlainJob) {
  return { cell, proxy, server, client, seed };
}

interface Attempted {
  readonly outcome: Tried;
  readonly measured: Measured | null;
}

async function attemptOnce(job: PlainJob, plan: PlainPlan, place: PlainPlace): Promise<Attempted> {
  const evidence = attemptFolder(plan, job.repetition, place.attempt);
  const folder = join(place.runFolder, evidence);
  await runPlainAttempt(plan, { server: job.server, client: job.client }, place.cell, folder, place.signal);
  const read = await readPlain(folder);
  const verdict = judgePlain(read);
  await writeJson(join(folder, ATTEMPT_FILES.verdict), verdict);
  return { outcome: { verdict, evidence, waitsMs: plan.waitsMs }, measured: measure(read, evidence) };
}

async function readPlain(folder: string): Promise<PlainEvidence> {
  const evidence = await readAnyEvidence(folder);
  if (!isPlain(evidence)) throw new Error(`${folder} does not hold the plan that was written there`);
  return evidence;
}

/**
 * A pair that does not work without faults is the user's to mend first; one that works now and then has failed. What merely
 * proved nothing may be tried again.
 */
function withoutControl(control: Verdict): Verdict {
  const isOnlyUnsteady = control.checks.every(({ outcome, name }) => outcome !== 'fail' || name === steady.name);
  if (control.verdict !== 'fail' || isOnlyUnsteady) return control;
  const reason = `the pair does not work without faults: ${control.reason}`;
  return { ...control, verdict: 'setup-error', reason };
}
