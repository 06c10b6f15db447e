/**
 * Reads run folders, merges or compares them, and writes what comes of it.
 *
 * Owns the files; what is merged and what differs is decided by `merge.ts` and `diff.ts`.
 */
import { access, cp, readdir, realpath, rename, rm } from 'node:fs/promises';
import { isAbsolute, join, normalize, resolve, sep } from 'node:path';

import { RUN_FILES } from '../evidence/folder.ts';
import { makeFolder } from '../evidence/make-folder.ts';
import { readStoredRun } from '../evidence/read-run.ts';
import type { Result, Run } from '../evidence/run.ts';
import { writeJson } from '../evidence/write-json.ts';
import { diffRuns } from './diff.ts';
import type { RunDiff } from './diff.ts';
import { headline } from './headline.ts';
import { demandOneProduct, mergedEnvironment } from './merge-environments.ts';
import { MergeError, mergeRuns, withOrigins } from './merge.ts';
import { notWritten } from './not-written.ts';
import { readRun } from './read-run-folder.ts';
import type { RunRecord } from './run-folder.ts';
import { writeReport } from './write-report.ts';

/**
 * Merges run folders into a new one, evidence included, and renders it.
 *
 * @param folders at least one
 * @param into the folder to write; a merged run that is there already gives way to the new one, of which it may be a part
 * @returns the page, and the run in one sentence
 * @throws {MergeError} where the runs do not belong together, or `into` holds anything else
 * @throws {NotWrittenError} where `into` cannot be written
 */
export async function mergeReports(
  folders: readonly string[],
  into: string,
  signal?: AbortSignal,
): Promise<{ index: string; sentence: string; exitStatus: number | null }> {
  const parts = await Promise.all(
    folders.map(async (folder): Promise<Part> => {
      const record = await readRun(folder);
      return { ...record, folder, run: withOrigins(record.run) };
    }),
  );
  for (const folder of folders) await demandNews(folder, 'it has no parts to merge');
  demandOneProduct(parts);
  const merged = mergeRuns(parts.map(({ run }) => run));
  const target = await freeTarget(into);
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    await writeMerged(parts, merged, { temporary, target }, signal);
    await takePlace(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw notWritten(into, error, 'name another folder with --into');
  }
  return { index: join(into, RUN_FILES.index), sentence: headline(merged).sentence, exitStatus: merged.exitStatus };
}

/**
 * Compares two run folders.
 *
 * @throws {MergeError} where one is a run of seeded bugs
 */
export async function diffReports(before: string, after: string): Promise<RunDiff> {
  const [old, now] = await Promise.all([readRun(before), readRun(after)]);
  for (const folder of [before, after]) await demandNews(folder, 'there is nothing to compare it with');
  return diffRuns(old.run, now.run);
}

type Part = RunRecord & { readonly folder: string };

/** Of seeded bugs a fail is what one hopes for, whether or not the file that tells of them can be read. */
async function demandNews(folder: string, thus: string): Promise<void> {
  const isOfBugs = await access(join(folder, RUN_FILES.mutants)).then(
    () => true,
    (error: unknown) => !isMissing(error),
  );
  if (isOfBugs) throw new MergeError(`${folder} is a run of seeded bugs, in which a fail is no news: ${thus}`);
}

async function writeMerged(
  parts: readonly Part[],
  merged: Run,
  { temporary: into, target }: { readonly temporary: string; readonly target: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  await makeFolder(into);
  for (const result of merged.results) {
    signal?.throwIfAborted();
    const origin = parts.find(({ run }) => run.results.includes(result));
    if (origin !== undefined) await copyEvidence(origin.folder, into, result);
  }
  const environment = mergedEnvironment(merged, parts);
  if (environment !== null) await writeJson(join(into, RUN_FILES.environment), environment);
  await writeJson(join(into, RUN_FILES.run), merged);
  await writeReport(into, signal, null, target);
}

/** Where the merged run goes: nobody's run is written over, and no file that is not of a merged run is lost. */
async function freeTarget(into: string): Promise<string> {
  const target = await realpath(into).catch(() => resolve(into));
  const entries = await readdir(target).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw new MergeError(`${into} is no folder to merge into`, { cause: error });
  });
  if (entries.length === 0) return target;
  const there = await readStoredRun(target).catch(() => null);
  if (there?.run.parts !== undefined) return target;
  throw new MergeError(`${into} is not empty and holds no merged run: name another folder with --into`);
}

/** Puts a folder where another may be: that one is gone only when the new one stands there. */
async function takePlace(folder: string, target: string): Promise<void> {
  const old = `${folder}.old`;
  await rename(target, old).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
  await rename(folder, target);
  await rm(old, { recursive: true, force: true });
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
