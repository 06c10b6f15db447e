/**
 * Reads run folders, merges or compares them, and writes what comes of it.
 *
 * Owns the files; what is merged and what differs is decided by `merge.ts` and `diff.ts`.
 */
import { cp, mkdir } from 'node:fs/promises';
import { isAbsolute, join, normalize, sep } from 'node:path';

import { RUN_FILES } from '../evidence/folder.ts';
import type { Result } from '../evidence/run.ts';
import { writeJson } from '../evidence/write-json.ts';
import { diffRuns } from './diff.ts';
import type { RunDiff } from './diff.ts';
import { MergeError, mergeRuns } from './merge.ts';
import { readRun } from './read-run-folder.ts';
import { writeReport } from './write-report.ts';

/**
 * Merges run folders into a new one, evidence included, and renders it.
 *
 * @param folders at least one
 * @param into the folder to write; what is there already is written over
 * @throws {MergeError} where the runs do not belong together
 */
export async function mergeReports(
  folders: readonly string[],
  into: string,
  signal?: AbortSignal,
): Promise<{ index: string; exitStatus: number | null }> {
  const parts = await Promise.all(folders.map(async (folder) => ({ folder, ...(await readRun(folder)) })));
  const stranger = parts.find(({ mutants }) => mutants !== null);
  if (stranger !== undefined)
    throw new MergeError(
      `${stranger.folder} is a run of seeded bugs, in which a fail is no news: it has no parts to merge`,
    );
  const merged = mergeRuns(parts.map(({ run }) => run));
  await mkdir(into, { recursive: true });
  for (const result of merged.results) {
    signal?.throwIfAborted();
    const origin = parts.find(({ run }) => run.results.includes(result));
    if (origin !== undefined) await copyEvidence(origin.folder, into, result);
  }
  const [first] = parts;
  if (first !== undefined && first.environment !== null)
    await writeJson(join(into, RUN_FILES.environment), first.environment);
  await writeJson(join(into, RUN_FILES.run), merged);
  const { index } = await writeReport(into, signal);
  return { index, exitStatus: merged.exitStatus };
}

/** Compares two run folders. */
export async function diffReports(before: string, after: string): Promise<RunDiff> {
  const [old, now] = await Promise.all([readRun(before), readRun(after)]);
  return diffRuns(old.run, now.run);
}

async function copyEvidence(from: string, into: string, result: Result): Promise<void> {
  for (const { evidence } of result.attempts) {
    const inside = normalize(evidence);
    if (isAbsolute(inside) || inside.split(sep).includes('..')) continue;
    await cp(join(from, inside), join(into, inside), { recursive: true, verbatimSymlinks: true }).catch(
      (error: unknown) => {
        // An attempt without a folder is shown without evidence, as it was in its own run.
        if (!isMissing(error)) throw error;
      },
    );
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
