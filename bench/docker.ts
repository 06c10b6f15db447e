/**
 * What a Docker cell costs: bringing cells up, and each scenario beyond what its plan waits, beside a local cell.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Result } from '../harness/evidence/run.ts';
import type { Cell } from '../harness/run/cell.ts';
import { DockerRun } from '../harness/run/docker/docker-run.ts';
import type { Job } from '../harness/suite/job.ts';
import { runPool } from '../harness/suite/pool.ts';
import { JobTask } from '../harness/suite/run-job.ts';
import { nodeToNode } from './node-to-node.ts';
import { notPassedRow } from './not-passed.ts';
import { quantile } from './quantile.ts';
import type { Row } from './row.ts';

const CELLS = 4;

/** Brings four cells up at once, then runs every scenario node→node in one of them, and all of them in four. */
export async function runDockerBench(): Promise<Row[]> {
  const { signal } = new AbortController();
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-bench-'));
  const jobs = await nodeToNode('docker');
  const rows: Row[] = [];
  {
    await using run = await DockerRun.begin();
    const cells: Cell[] = [];
    rows.push(
      await timed(`${CELLS} cells up`, 5000, async () => {
        cells.push(...(await Promise.all(Array.from({ length: CELLS }, () => run.openCell()))));
      }),
    );
    await Promise.all(cells.map((cell) => cell[Symbol.asyncDispose]()));
    rows.push(...(await oneByOne(run, jobs, folder, signal)));
    const results: Result[] = [];
    rows.push(
      await timed(`all ${jobs.length} scenarios, ${CELLS} cells`, 60_000, () =>
        runPool(
          {
            jobs,
            cells: CELLS,
            open: () => run.openCell(),
            needsQuiet: (job) => job.entry.scenario.quiet,
            begin: (job) => new JobTask(job, folder, signal),
            onStart: () => {},
            onOutcome: (_job, { result }) => {
              results.push(result);
              return Promise.resolve(true);
            },
          },
          signal,
        ),
      ),
      notPassedRow(results, `${CELLS} cells`),
    );
  }
  await rm(folder, { recursive: true });
  return rows;
}

async function oneByOne(run: DockerRun, jobs: readonly Job[], folder: string, signal: AbortSignal): Promise<Row[]> {
  const results: Result[] = [];
  await runPool(
    {
      jobs,
      cells: 1,
      open: () => run.openCell(),
      needsQuiet: (job) => job.entry.scenario.quiet,
      begin: (job) => new JobTask(job, folder, signal),
      onStart: () => {},
      onOutcome: (_job, { result }) => {
        results.push(result);
        return Promise.resolve(true);
      },
    },
    signal,
  );
  const overheads = results
    .filter(({ verdict }) => verdict === 'pass')
    .map(({ durationMs, waitsMs }) => durationMs - waitsMs);
  const median = quantile(overheads, 0.5);
  return [
    {
      measure: `overhead per scenario, Docker, median of ${overheads.length}`,
      value: median,
      unit: 'ms',
      asked: 'at most 300',
      kept: median <= 300,
    },
    { measure: 'overhead per scenario, Docker, p95', value: quantile(overheads, 0.95), unit: 'ms' },
    notPassedRow(results, 'one cell'),
  ];
}

async function timed(measure: string, mostMs: number, work: () => Promise<void>): Promise<Row> {
  const startedAt = performance.now();
  await work();
  const value = performance.now() - startedAt;
  return { measure, value, unit: 'ms', asked: `at most ${mostMs}`, kept: value <= mostMs };
}
