/**
 * Strings the stages together for many scenarios: jobs, cells, verdicts, `run.json`.
 *
 * Owns the run as a whole. It prints nothing and writes no report: both follow its events and its folder.
 */
import { attemptFolder } from '../evidence/folder.ts';
import { NOT_REACHED } from '../evidence/run.ts';
import type { Result, Run, Shard } from '../evidence/run.ts';
import { runVerdict } from '../evidence/run-verdict.ts';
import type { Verdict } from '../evidence/verdict.ts';
import type { Cell } from '../run/cell.ts';
import { cellSource } from '../run/cell-source.ts';
import type { CellSource } from '../run/cell-source.ts';
import type { AttemptView, HeldAttempt, Onlooker } from '../run/onlooker.ts';
import { sweepLocal } from '../run/local/sweep.ts';
import { problemOf } from '../run/run-error.ts';
import { writeEnvironment } from './environment.ts';
import { interruptionOf } from './exit-status.ts';
import type { Job } from './job.ts';
import { excusedResult } from './job-result.ts';
import type { JobOutcome } from './job-result.ts';
import { isPlainJob } from './plain-job.ts';
import type { AnyJob } from './plain-job.ts';
import { inOneGo, runPool } from './pool.ts';
import type { Task } from './pool.ts';
import { notWritable, RunFile } from './run-file.ts';
import { runPlainJob } from './run-plain-job.ts';
import { programsOf, subjectFacts } from './subject-facts.ts';
import { holdJob, JobTask, runJob } from './run-job.ts';

export interface SuiteRequest {
  readonly jobs: readonly AnyJob[];
  readonly cells: number;
  /** Where run folders are made. */
  readonly reports: string;
  readonly seed: string;
  /** The part of a larger run that the jobs are; null or absent: they are all. */
  readonly shard?: Shard | null;
  /** The command line, for the record. */
  readonly command: readonly string[];
  /** End at the first result that is no good news: a fail, an unknown or a setup-error. */
  readonly untilFail: boolean;
  /** Awaited with the first failing case enacted once more and everything of it still running; nothing is run after it. */
  readonly hold?: ((job: AnyJob, held: HeldAttempt) => Promise<void>) | null;
}

/** What a run tells while it goes on. */
export type SuiteEvent =
  | { readonly type: 'started'; readonly folder: string; readonly jobs: number; readonly cells: number }
  | { readonly type: 'job-started'; readonly job: AnyJob; readonly cell: number }
  | { readonly type: 'attempt-started'; readonly job: AnyJob; readonly look: () => AttemptView }
  | { readonly type: 'result'; readonly job: AnyJob; readonly result: Result; readonly verdict: Verdict | null }
  | { readonly type: 'finished'; readonly folder: string; readonly run: Run; readonly problem: string | null };

/**
 * Runs every job and returns the finished run.
 *
 * @param signal aborting it with reason `SIGINT` or `SIGTERM` ends the run: what was under way is `interrupted`
 * @throws {UsageError} where the report folder can't be written
 */
export async function runSuite(
  request: SuiteRequest,
  onEvent: (event: SuiteEvent) => void,
  signal: AbortSignal,
): Promise<Run> {
  demandPlaces(request.jobs);
  const file = await RunFile.create(request.reports, { ...request, expected: request.jobs.length });
  const [swept, programs] = await Promise.all([sweepLocal(), subjectFacts(programsOf(request.jobs))]);
  const facts = { swept, ...programs };
  await writeEnvironment(file.folder, facts).catch((error: unknown) => {
    throw notWritable(request.reports, error);
  });
  onEvent({ type: 'started', folder: file.folder, jobs: request.jobs.length, cells: request.cells });
  const done = new Set<AnyJob>();
  const take = async (job: AnyJob, result: Result, verdict: Verdict | null): Promise<void> => {
    done.add(job);
    await file.add(result);
    onEvent({ type: 'result', job, result, verdict });
  };
  for (const job of request.jobs) {
    if (job.excused !== null) await take(job, excusedResult(job, job.excused), null);
  }
  const leftOver = await workThrough(request, done, { take, onEvent, folder: file.folder, facts }, signal);
  const unreached = request.jobs.filter((job) => !done.has(job));
  for (const job of unreached) await take(job, excusedResult(job, leftOver), null);
  // What went wrong is the reason of those that were not reached; where all were, it went wrong in tidying up.
  const isUntold = unreached.length === 0 && leftOver.verdict === 'setup-error';
  const leftBehind = isUntold ? `not everything could be tidied up: ${leftOver.reason}` : null;
  const ending = interruptionOf(signal) ?? 'itself';
  const run = await file.finish((all) => runVerdict(all, ending).exitStatus, leftBehind);
  onEvent({ type: 'finished', folder: file.folder, run, problem: file.problem });
  return run;
}

/** Two that wrote into one folder would each spoil what the other saw. */
function demandPlaces(jobs: readonly AnyJob[]): void {
  const taken = new Set<string>();
  for (const { plan, repetition } of jobs) {
    const place = attemptFolder(plan, repetition, 1);
    if (taken.has(place)) throw new Error(`two jobs of one run have the same place for their evidence: ${place}`);
    taken.add(place);
  }
}

interface Intake {
  readonly take: (job: AnyJob, result: Result, verdict: Verdict | null) => Promise<void>;
  readonly onEvent: (event: SuiteEvent) => void;
  readonly folder: string;
  /** What `environment.json` says beside the machine. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Runs the jobs that can run; returns what becomes of those that were never begun. */
async function workThrough(
  request: SuiteRequest,
  done: ReadonlySet<AnyJob>,
  intake: Intake,
  signal: AbortSignal,
): Promise<{ verdict: Result['verdict']; reason: string }> {
  try {
    await using cells = await cellSource(request.jobs[0]?.plan.cell ?? 'local', signal);
    try {
      await runPool(
        {
          jobs: request.jobs.filter((job) => !done.has(job)),
          cells: request.cells,
          open: (number, stop) => cells.open(number, stop),
          begin: (job) => taskOf(job, { request, intake }, signal),
          needsQuiet: (job) => !isPlainJob(job) && job.entry.scenario.quiet,
          onStart: (job, cell) => intake.onEvent({ type: 'job-started', job, cell }),
          onOutcome: (_, { result }) => Promise.resolve(!endsTheRun(request, result)),
        },
        signal,
      );
    } finally {
      await noteImages(cells, intake);
    }
    return notReached(signal);
  } catch (error) {
    // Stopping what is being brought up ends in an error too.
    if (signal.aborted) return notReached(signal);
    return { verdict: 'setup-error', reason: problemOf(firstOf(error)) };
  }
}

/** Under which ids images were used is known once they have been. */
async function noteImages(cells: CellSource, { folder, facts }: Intake): Promise<void> {
  const images = await cells.images();
  await writeEnvironment(folder, { ...facts, images }).catch(() => {
    // A full disk is told by what could not be written to run.json, and must not hide why the run ended.
  });
}

/** What the jobs of a run have in common. */
interface Frame {
  readonly request: SuiteRequest;
  readonly intake: Intake;
}

/** A job that tells what comes of it. One that may end the run keeps its cell until that is known, so that none follows it. */
function taskOf(job: AnyJob, frame: Frame, signal: AbortSignal): Task<JobOutcome> {
  const { request, intake } = frame;
  const { untilFail, hold = null } = request;
  if (isPlainJob(job) || untilFail || hold !== null) return inOneGo((cell) => runAndTell(job, cell, frame, signal));
  const task = new JobTask(job, intake.folder, signal, onlookerOf(job, intake));
  return {
    keepsCell: task.keepsCell,
    run: (cell) => task.run(cell),
    conclude: async () => {
      const outcome = await task.conclude();
      if (outcome !== null) await intake.take(job, outcome.result, outcome.verdict);
      return outcome;
    },
  };
}

function onlookerOf(job: Job, { onEvent }: Intake): Onlooker {
  return { begun: (look) => onEvent({ type: 'attempt-started', job, look }) };
}

/** Runs a job and tells what came of it; the first that fails is then enacted once more and held, where that is asked for. */
async function runAndTell(
  job: AnyJob,
  cell: Cell,
  { request, intake }: Frame,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const { folder, take } = intake;
  const outcome = isPlainJob(job)
    ? await runPlainJob(job, cell, folder, signal)
    : await runJob(job, cell, folder, signal, onlookerOf(job, intake));
  await take(job, outcome.result, outcome.verdict);
  const { hold = null } = request;
  if (hold !== null && outcome.result.verdict === 'fail' && !isPlainJob(job)) {
    await holdJob(job, cell, folder, (held) => hold(job, held), signal);
  }
  return outcome;
}

/** What `untilFail` looks for: of a pass, and of what a subject cannot do, there is nothing to look into. */
const BAD_NEWS: ReadonlySet<Result['verdict']> = new Set(['fail', 'unknown', 'setup-error']);

/** Whether nothing is begun after this result. */
function endsTheRun({ untilFail, hold = null }: SuiteRequest, { verdict }: Result): boolean {
  return (untilFail && BAD_NEWS.has(verdict)) || (hold !== null && verdict === 'fail');
}

function notReached(signal: AbortSignal): { verdict: Result['verdict']; reason: string } {
  return {
    verdict: 'not-run',
    reason: signal.aborted ? NOT_REACHED.interrupted : NOT_REACHED.ended,
  };
}

/** What went wrong first: tidying up after it fails too where the engine is gone. */
function firstOf(error: unknown): unknown {
  return error instanceof SuppressedError ? firstOf(error.suppressed) : error;
}
