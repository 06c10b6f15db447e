/**
 * What did not pass in an earlier run, or was not reached in it: the scenarios and pairs to run again.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { RUN_FILES } from '../evidence/folder.ts';
import { EvidenceError, readJson } from '../evidence/read-evidence.ts';
import { NOT_REACHED, runSchema } from '../evidence/run.ts';
import type { Result } from '../evidence/run.ts';
import type { VerdictWord } from '../evidence/verdict.ts';
import type { AnyJob } from './plain-job.ts';
import { UsageError } from './usage-error.ts';

const FAILED: ReadonlySet<VerdictWord> = new Set(['fail', 'unknown', 'setup-error', 'interrupted']);

type Named = Pick<Result, 'scenario' | 'server' | 'client' | 'proxy'>;

const pairOf = (one: Named): string => [one.scenario, one.server, one.client].join('\n');
const keyOf = (one: Named): string => [pairOf(one), one.proxy].join('\n');

const UNREACHED: ReadonlySet<string> = new Set(Object.values(NOT_REACHED));

/** What did not pass in an earlier run. */
export interface LastFailed {
  readonly run: string;
  readonly seed: string;
  /** False: it was killed, and what it had not come to by then is not known of it. */
  readonly ended: boolean;
  /** Empty: nothing failed. */
  readonly results: readonly Result[];
}

/** Flags of the command that name what a result was made with. */
export interface NamedAgain {
  readonly server?: string[];
  readonly client?: string[];
  readonly 'plain-server'?: string[];
  readonly 'plain-client'?: string[];
  readonly within?: string;
  readonly cell?: string;
  readonly proxy?: string;
  readonly kernel?: string;
  readonly control?: boolean;
}

/**
 * What did not pass in the newest run. What it was to run and did not come to is as good as failed; what belongs to
 * another shard, or lacks its runtime, is not.
 *
 * @param reports where run folders are made
 * @throws {UsageError} where there is no earlier run, or one that was killed before anything failed
 */
export async function lastFailed(reports: string): Promise<LastFailed> {
  const latest = join(reports, 'latest', RUN_FILES.run);
  const exists = await stat(latest).catch(() => null);
  if (exists === null)
    throw new UsageError(`--last-failed: there is no earlier run in ${reports}: run something first`);
  const { run, seed, results, exitStatus } = await readJson(latest, runSchema).catch((error: unknown) => {
    if (error instanceof EvidenceError) throw new UsageError(`--last-failed: ${error.message}`, { cause: error });
    throw error;
  });
  const failed = results.filter(
    ({ verdict, reason }) => FAILED.has(verdict) || (verdict === 'not-run' && UNREACHED.has(reason)),
  );
  const ended = exitStatus !== null;
  if (!ended && failed.length === 0)
    throw new UsageError(
      `--last-failed: ${run} was killed before anything failed, and what it had not come to is not known`,
    );
  return { run, seed, ended, results: failed };
}

/** The subjects and the place of what failed, as the command line would name them. */
export function namedAgain({ results }: LastFailed): NamedAgain {
  const distinct = (names: (string | undefined)[]): string[] =>
    [...new Set(names)].filter((name) => name !== undefined);
  const servers = distinct(results.map(({ server, given }) => (given?.server === undefined ? server : undefined)));
  const clients = distinct(results.map(({ client, given }) => (given?.client === undefined ? client : undefined)));
  const plainServers = distinct(results.map(({ given }) => given?.server));
  const plainClients = distinct(results.map(({ given }) => given?.client));
  const [first] = results;
  return {
    ...(servers.length > 0 && { server: servers }),
    ...(clients.length > 0 && { client: clients }),
    ...(plainServers.length > 0 && { 'plain-server': plainServers }),
    ...(plainClients.length > 0 && { 'plain-client': plainClients }),
    ...(first?.given?.withinMs !== undefined && { within: String(first.given.withinMs) }),
    ...(first !== undefined && { cell: first.cell, proxy: distinct(results.map(({ proxy }) => proxy)).join(',') }),
    ...(first !== undefined && { kernel: distinct(results.map(({ kernel }) => kernel))[0] ?? 'stock' }),
    ...(first?.variant === 'control' && { control: true }),
  };
}

/**
 * Of these jobs those that failed. With a proxy that none of them failed with, which was named now, every pair that failed.
 *
 * @throws {UsageError} where none of them did
 */
export function onlyFailed<Some extends AnyJob>(jobs: readonly Some[], { run, results }: LastFailed): Some[] {
  const [keys, pairs] = [new Set(results.map(keyOf)), new Set(results.map(pairOf))];
  const proxies = new Set(results.map(({ proxy }) => proxy));
  const again = jobs.filter(({ plan }) => (proxies.has(plan.proxy) ? keys.has(keyOf(plan)) : pairs.has(pairOf(plan))));
  if (again.length === 0) throw new UsageError(`--last-failed: nothing that is chosen failed in ${run}`);
  return again;
}
