/**
 * The catalogue in Docker cells, through real Toxiproxy where it can deliver the faults, else through the wire proxy.
 * Node against itself in all that it can; the other pairs of the reference subjects in what is cleanest and what is dirtiest.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Result } from '../../evidence/run.ts';
import { loadCatalogue } from '../../suite/catalogue.ts';
import { makeJobs } from '../../suite/job.ts';
import type { Job } from '../../suite/job.ts';
import { runPool } from '../../suite/pool.ts';
import { runJob } from '../../suite/run-job.ts';
import { builtInSubjects } from '../../suite/subjects.ts';
import { DockerRun } from './docker-run.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';

const CELLS = 2;
const LIMIT_MS = 900_000;
const FOR_ALL_PAIRS = ['framing/a-clean-exchange-is-clean', 'disconnect/a-message-cut-by-rst-is-a-reset'];

const references = (await builtInSubjects()).filter(({ origin }) => origin === 'reference');
const jobs = makeJobs({
  entries: await loadCatalogue(),
  servers: references,
  clients: references,
  seed: 'docker',
  cell: 'docker',
  proxy: 'auto',
  repeat: 1,
  missing: new Map(),
}).filter(({ entry, server, client, excused }) => {
  if (excused !== null) return false;
  // Node has no TCP_USER_TIMEOUT.
  const speaker = entry.scenario.params.userTimeoutMs > 0 ? 'python' : 'node';
  const isAmongItsOwn = server.name === speaker && client.name === speaker;
  return isAmongItsOwn || FOR_ALL_PAIRS.includes(entry.id);
});

const nameOf = ({ entry, server, client, plan }: Job): string =>
  `${entry.id} (${server.name}→${client.name}, ${plan.proxy})`;

describe.skipIf(skipWithoutEngine)('the catalogue in Docker cells', () => {
  const results = new Map<Job, Result>();

  beforeAll(async () => {
    const { signal } = new AbortController();
    const folder = await mkdtemp(join(tmpdir(), 'halfopen-docker-'));
    await using run = await DockerRun.begin();
    await runPool(
      {
        jobs,
        cells: CELLS,
        open: () => run.openCell(),
        run: (job, cell) => runJob(job, cell.facing(job.plan.proxy), folder, signal),
        onStart: () => {},
        onOutcome: async (job, { result }) => {
          results.set(job, result);
          return Promise.resolve(true);
        },
      },
      signal,
    );
    await rm(folder, { recursive: true });
  }, LIMIT_MS);

  afterAll(() => results.clear());

  test('real Toxiproxy carries a fair part of it', () => {
    expect(jobs.filter(({ plan }) => plan.proxy === 'toxiproxy').length).toBeGreaterThan(10);
  });

  test.for(jobs.map((job) => ({ job, name: nameOf(job) })))('$name', ({ job }) => {
    const { verdict, reason } = results.get(job) ?? { verdict: 'not-run', reason: 'it did not run' };
    expect({ verdict, reason }).toEqual({ verdict: 'pass', reason: expect.any(String) as string });
  });
});
