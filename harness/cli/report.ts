/**
 * `halfopen report DIR`: renders the report of a stored run again.
 */
import { writeReport } from '../report/write-report.ts';
import { UsageError } from '../suite/usage-error.ts';
import { readArguments } from './arguments.ts';

export async function report(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { positionals } = readArguments('report', args, {});
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0)
    throw new UsageError('report takes one run folder, for example reports/latest');
  const { index } = await writeReport(folder, signal);
  console.log(`report: ${index}`);
  return 0;
}
