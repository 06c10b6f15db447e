/**
 * Judges stored evidence again: the same verdicts from the same evidence, or better ones from a better judge.
 */
import { access } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { detectionTable } from '../evidence/detection.ts';
import { ATTEMPT_FILES, RUN_FILES } from '../evidence/folder.ts';
import { EvidenceError, readAnyEvidence, readJson } from '../evidence/read-evidence.ts';
import { mutantsSchema } from '../evidence/mutants.ts';
import type { Mutants } from '../evidence/mutants.ts';
import { readStoredRun } from '../evidence/read-run.ts';
import type { Result } from '../evidence/run.ts';
import { endingOf, runVerdict, statusSoFar } from '../evidence/run-verdict.ts';
import { verdictSchema } from '../evidence/verdict.ts';
import type { Verdict, VerdictWord } from '../evidence/verdict.ts';
import { countVerdicts } from '../evidence/counts.ts';
import { writeJson } from '../evidence/write-json.ts';
import { unjudged } from '../evidence/unjudged.ts';
import { isPlain } from '../evidence/evidence.ts';
import { judge } from '../judge/judge.ts';
import { judgePlain } from '../judge/plain/judge-plain.ts';
import { mutantsStatus } from './exit-status.ts';
import { concludeAgain } from './judge-trials.ts';
import { UsageError } from './usage-error.ts';

export interface Rejudged {
  readonly evidence: string;
  /** The verdict that stood there, if one could be read. */
  readonly before: VerdictWord | null;
  readonly verdict: Verdict;
}

type Show = (rejudged: Rejudged) => void;

/** Judges one attempt's folder; returns the exit status its verdict stands for. */
export async function judgeAttempt(folder: string, show: Show): Promise<number> {
  const verdict = await rejudge(folder, folder, show);
  return runVerdict({ results: [verdict] }, 'itself').exitStatus ?? 3;
}

/**
 * Judges every attempt of a run, corrects `run.json`, and returns the run's exit status. A run that was killed stays one:
 * its file has none, and what is returned is never 0. So does one whose file is not whole, which is left as it is: its
 * attempts' own files tell what was done.
 *
 * @param note told what of the run cannot be read
 * @throws {UsageError} where there is nothing of a run
 */
export async function judgeRun(folder: string, show: Show, note: (problem: string) => void): Promise<number> {
  const { run, isWhole, problems } = await readStoredRun(folder).catch(asUsage);
  if (run.results.length === 0 && problems.length > 0) throw new UsageError(`${folder}: ${problems.join(', ')}`);
  for (const problem of problems) note(problem);
  const results: Result[] = [];
  for (const result of run.results) results.push(await rejudgeResult(folder, result, show));
  const matrix = await judgeMatrix(folder, results);
  const ending = endingOf(run.exitStatus);
  const status = runVerdict({ ...run, results }, ending).exitStatus;
  const exit = matrix === null || ending !== 'itself' ? status : mutantsStatus(matrix, null, run.problem);
  const detection = detectionTable(results);
  const judged = { ...run, counts: countVerdicts(results), exitStatus: exit, results, detection };
  if (isWhole) await writeChanged(join(folder, RUN_FILES.run), run, judged);
  return exit ?? statusSoFar({ ...run, results });
}

/** A file of which nothing has changed stays as it is, to the byte. */
async function writeChanged<Kind>(path: string, before: Kind, after: Kind): Promise<void> {
  if (!isDeepStrictEqual(before, after)) await writeJson(path, after);
}

/** Corrects `mutants.json` of a run of seeded bugs; null: it is none. */
async function judgeMatrix(folder: string, results: readonly Result[]): Promise<Mutants | null> {
  const path = join(folder, RUN_FILES.mutants);
  const before = await readJson(path, mutantsSchema).catch(() => null);
  if (before === null) return null;
  const matrix = await concludeAgain(before, results);
  await writeChanged(path, before, matrix);
  return matrix;
}

async function rejudgeResult(folder: string, result: Result, show: Show): Promise<Result> {
  const attempts: Result['attempts'] = [];
  let last: Verdict | null = null;
  // What came of a pair that does not work without faults stands as it was: nothing was done to it.
  if (result.attempts.some(({ evidence }) => isControlOf(result, evidence))) return result;
  for (const attempt of result.attempts) {
    if (UNRECORDED.has(attempt.verdict) && !(await hasPlan(join(folder, attempt.evidence)))) {
      attempts.push(attempt);
      last = unjudged({ verdict: attempt.verdict, reason: attempt.reason, unknownReason: null });
      continue;
    }
    last = await rejudge(join(folder, attempt.evidence), attempt.evidence, show);
    attempts.push({ ...attempt, verdict: last.verdict, reason: last.reason });
  }
  if (last === null) return result;
  const { verdict, reason, unknownReason, encounters } = last;
  const { encounters: _, ...rest } = result;
  return { ...rest, attempts, verdict, reason, unknownReason, ...(encounters === undefined ? {} : { encounters }) };
}

/** Verdicts of attempts that may have ended before there was a plan: they stand as they are. */
const UNRECORDED: ReadonlySet<VerdictWord> = new Set(['setup-error', 'interrupted']);

function hasPlan(folder: string): Promise<boolean> {
  return access(join(folder, ATTEMPT_FILES.plan)).then(
    () => true,
    () => false,
  );
}

function isControlOf({ variant }: Result, evidence: string): boolean {
  return variant === 'fault' && evidence.split('/').at(-2) === 'control';
}

async function rejudge(folder: string, name: string, show: Show): Promise<Verdict> {
  const path = join(folder, ATTEMPT_FILES.verdict);
  const before = await readJson(path, verdictSchema).catch(() => null);
  const verdict = await judgedIn(folder);
  await writeJson(path, verdict).catch((error: unknown) => {
    // Of an attempt whose folder is gone the verdict stands in the run's file alone.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  });
  show({ evidence: name, before: before?.verdict ?? null, verdict });
  return verdict;
}

/** One attempt that cannot be read proves nothing, and keeps nobody from judging the others. */
async function judgedIn(folder: string): Promise<Verdict> {
  try {
    const evidence = await readAnyEvidence(folder);
    return isPlain(evidence) ? judgePlain(evidence) : judge(evidence);
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    const problem = error.message.replaceAll(join(folder, sep), '');
    const reason = `its evidence cannot be read: ${problem}`;
    return unjudged({ verdict: 'unknown', reason, unknownReason: 'evidence-incomplete' });
  }
}

function asUsage(error: unknown): never {
  if (error instanceof EvidenceError) throw new UsageError(error.message, { cause: error });
  throw error;
}
