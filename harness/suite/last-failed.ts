/**
 * What did not pass in an earlier run: the scenarios and pairs to run again.
 */
import { join } from 'node:path';

import { RUN_FILES } from '../evidence/folder.ts';
import { EvidenceError, readJson } from '../evidence/read-evidence.ts';
import { runSchema } from '../evidence/run.ts';
import type { Result } from '../evidence/run.ts';
import type { VerdictWord } from '../evidence/verdict.ts';
import type { AnyJob } from './plain-job.ts';
import { UsageError } from './usage-error.ts';

const FAILED: ReadonlySet<VerdictWord> = new Set(['fail', 'unknown', 'setup-error', 'interrupted']);

const keyOf = (one: Pick<Result, 'scenario' | 'server' | 'client'>): string =>
  [one.scenario, one.server, one.client].join('\n');

/**
 * The jobs that did not pass in the newest run.
 *
 * @param reports where run folders are made
 * @throws {UsageError} where there is no earlier run, or everything in it passed
 */
export async function onlyLastFailed<Some extends AnyJob>(jobs: readonly Some[], reports: string): Promise<Some[]> {
  const latest = join(reports, 'latest', RUN_FILES.run);
  const run = await readJson(latest, runSchema).catch((error: unknown) => {
    if (error instanceof EvidenceError) throw new UsageError(`--last-failed: ${error.message}`, { cause: error });
    throw error;
  });
  const failed = new Set(run.results.filter(({ verdict }) => FAILED.has(verdict)).map(keyOf));
  const again = jobs.filter(({ plan }) => failed.has(keyOf(plan)));
  if (again.length === 0) throw new UsageError(`--last-failed: nothing that is chosen failed in ${run.run}`);
  return again;
}
