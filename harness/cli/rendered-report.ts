/**
 * The report of a run that has just ended.
 */
import { join } from 'node:path';

import { RUN_FILES } from '../evidence/folder.ts';
import { writeReport } from '../report/write-report.ts';
import { messageOf } from '../run/run-error.ts';

export interface Rendered {
  /** Where the page is; `null` where it could not be written. */
  readonly index: string | null;
  /** What a run's last line says of it. */
  readonly line: string;
}

/** A report that can't be rendered changes no verdict and no exit status: it is said where the report would be named. */
export async function renderedReport(folder: string): Promise<Rendered> {
  const index = join(folder, RUN_FILES.index);
  try {
    await writeReport(folder);
    return { index, line: `report: ${index}` };
  } catch (error) {
    const line = `no report: ${messageOf(error)}; the verdicts stand, and "halfopen report ${folder}" writes it from the run's files`;
    return { index: null, line };
  }
}
