/**
 * Writes the documents of a run folder: `index.html`, `junit.xml`, `summary.md`.
 *
 * Owns the files; what stands in them is rendered from values. Verdicts are read, never made.
 */
import { join } from 'node:path';

import { RUN_FILES } from '../evidence/folder.ts';
import { writeWhole } from '../evidence/write-json.ts';
import { renderJunit } from './junit.ts';
import { loadAssets } from './load-assets.ts';
import { readAttempt, readRun } from './read-run-folder.ts';
import { renderIndex } from './render.ts';
import { renderSummary } from './summary.ts';

/**
 * Renders a run folder, finished or not. Each document is written whole or not at all.
 *
 * @param runFolder `reports/<run>`
 * @returns where the page is
 * @throws when a document cannot be written, or `signal` is aborted; what was there before stays
 */
export async function writeReport(runFolder: string, signal?: AbortSignal): Promise<{ index: string }> {
  const record = await readRun(runFolder);
  await writeWhole(join(runFolder, RUN_FILES.junit), renderJunit(record));
  await writeWhole(join(runFolder, RUN_FILES.summary), renderSummary(record));
  const read = async (path: string): ReturnType<typeof readAttempt> => {
    signal?.throwIfAborted();
    return readAttempt(runFolder, path);
  };
  const index = join(runFolder, RUN_FILES.index);
  await writeWhole(index, await renderIndex(record, read, await loadAssets()));
  return { index };
}
