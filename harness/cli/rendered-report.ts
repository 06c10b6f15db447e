/**
 * The report of a run that has just ended.
 */
import { join } from 'node:path';

import { RUN_FILES } from '../evidence/folder.ts';
import { writeReport } from '../report/write-report.ts';
import { messageOf } from '../run/run-error.ts';

/** Where the page is. A report that can't be rendered changes no verdict and no exit status; it is said. */
export async function renderedReport(folder: string): Promise<string> {
  try {
    await writeReport(folder);
    return join(folder, RUN_FILES.index);
  } catch (error) {
    console.error(`halfopen: the report could not be rendered: ${messageOf(error)}`);
    return folder;
  }
}
