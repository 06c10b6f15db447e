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

/**
 * A report that can't be rendered changes no verdict and no exit status: it is said where the report would be named.
 *
 * @param problem why `run.json`, which it can be made from later, is not what it should be; `null` where it is
 */
export async function renderedReport(folder: string, problem: string | null): Promise<Rendered> {
  const index = join(folder, RUN_FILES.index);
  try {
    await writeReport(folder);
    return { index, line: `report: ${index}` };
  } catch (error) {
    const rest =
      problem === null
        ? `the verdicts stand, and "halfopen report ${folder}" writes it from the run's files`
        : 'not all verdicts could be kept: go by what is printed here';
    return { index: null, line: `no report: ${messageOf(error)}; ${rest}` };
  }
}
