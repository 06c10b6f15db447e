/**
 * Writes the documents of a run folder: `index.html`, `junit.xml`, `summary.md`.
 *
 * Owns the files; what stands in them is rendered from values. Verdicts are read, never made.
 */
import { join } from 'node:path';

import { RUN_FILES } from '../evidence/folder.ts';
import { writeWhole } from '../evidence/write-json.ts';
import type { RunDiff } from './diff.ts';
import { renderJunit } from './junit.ts';
import { loadAssets } from './load-assets.ts';
import { readAttempt, readRun } from './read-run-folder.ts';
import { renderCase, renderIndex } from './render.ts';
import type { CaseRenderer } from './render.ts';
import { renderSummary } from './summary.ts';

/**
 * Renders a run folder, finished or not. Each document is written whole or not at all.
 *
 * @param runFolder `reports/<run>`
 * @param changes since an earlier run, for the page to show
 * @returns where the page is
 * @throws when a document cannot be written, or `signal` is aborted; what was there before stays
 */
export async function writeReport(
  runFolder: string,
  signal?: AbortSignal,
  changes: RunDiff | null = null,
): Promise<{ index: string }> {
  // Bundling takes a moment in threads of its own; a failure is told where it is awaited.
  const assets = loadAssets();
  assets.catch(() => undefined);
  const record = await readRun(runFolder);
  await writeWhole(join(runFolder, RUN_FILES.junit), renderJunit(record));
  await writeWhole(join(runFolder, RUN_FILES.summary), renderSummary(record));
  const index = join(runFolder, RUN_FILES.index);
  const render: CaseRenderer = (each) => {
    signal?.throwIfAborted();
    return renderCase(each, record.run.seed, (path) => readAttempt(runFolder, path));
  };
  await writeWhole(index, await renderIndex(record, render, assets, changes));
  return { index };
}
