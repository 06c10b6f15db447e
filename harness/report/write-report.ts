/**
 * Writes the documents of a run folder: `index.html`, `junit.xml`, `summary.md`.
 *
 * Owns the files; what stands in them is rendered from values. Verdicts are read, never made.
 */
import { join, relative, resolve, sep } from 'node:path';

import { ATTEMPT_FILES, RUN_FILES } from '../evidence/folder.ts';
import { readJson } from '../evidence/read-evidence.ts';
import type { Run } from '../evidence/run.ts';
import { sentenceOf, verdictSchema } from '../evidence/verdict.ts';
import { writeWhole } from '../evidence/write-json.ts';
import type { RunDiff } from './diff.ts';
import { renderJunit } from './junit.ts';
import { loadAssets } from './load-assets.ts';
import { notWritten } from './not-written.ts';
import { readAttempt, readRun } from './read-run-folder.ts';
import { renderCase, renderIndex } from './render.ts';
import type { CaseRenderer } from './render.ts';
import { reproducer } from './reproduce.ts';
import { renderSummary } from './summary.ts';

/**
 * Renders a run folder, finished or not. Each document is written whole or not at all.
 *
 * @param runFolder `reports/<run>`
 * @param changes since an earlier run, for the page to show
 * @param place where the folder will be found, if it is not where it is written
 * @returns where the page is
 * @throws {NotWrittenError} where a document cannot be written; what was there before stays
 * @throws when `signal` is aborted
 */
export async function writeReport(
  runFolder: string,
  signal?: AbortSignal,
  changes: RunDiff | null = null,
  place = runFolder,
): Promise<{ index: string }> {
  // Bundling takes a moment in threads of its own; a failure is told where it is awaited.
  const assets = loadAssets();
  assets.catch(() => undefined);
  const record = await readRun(runFolder);
  const junit = renderJunit(record, await junitMore(runFolder, record.run, place));
  await writeDocument(join(runFolder, RUN_FILES.junit), junit);
  await writeDocument(join(runFolder, RUN_FILES.summary), renderSummary(record));
  const index = join(runFolder, RUN_FILES.index);
  const again = reproducer(record.run);
  const render: CaseRenderer = (each) => {
    signal?.throwIfAborted();
    return renderCase(each, again(each.decisive), (path) => readAttempt(runFolder, path), record.environment);
  };
  await writeDocument(index, renderIndex(record, render, await assets, changes));
  return { index };
}

const REMEDY = 'see that there is room, that you may write there, and that no folder has this name';

async function writeDocument(path: string, text: string | AsyncIterable<string>): Promise<void> {
  await writeWhole(path, text).catch((error: unknown) => {
    throw notWritten(path, error, REMEDY);
  });
}

/** Failures told in full: a run with more has other worries, and a verdict may be long. */
const MOST_TOLD = 500;

async function junitMore(runFolder: string, run: Run, place: string): Promise<Parameters<typeof renderJunit>[1]> {
  const decided = new Map<string, string[]>();
  const wrong = run.results.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown');
  for (const { evidence, verdict } of wrong.slice(0, MOST_TOLD)) {
    if (evidence === null) continue;
    const path = join(runFolder, evidence, ATTEMPT_FILES.verdict);
    const checks = await readJson(path, verdictSchema).then(
      (judged) => judged.checks,
      () => [],
    );
    decided.set(evidence, checks.filter(({ outcome }) => outcome === verdict).map(sentenceOf));
  }
  return { place: asFound(place), decided };
}

/** From where the command runs; a folder elsewhere has its whole name. */
function asFound(folder: string): string {
  const path = relative(process.cwd(), folder);
  return (path.startsWith('..') ? resolve(folder) : path).split(sep).join('/');
}
