/**
 * What the harness costs: from first spawn to verdict, less what the plan itself waits, in one idle local cell.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openLocalCell } from '../harness/run/local/local-cell.ts';
import { loadCatalogue } from '../harness/suite/catalogue.ts';
import { makeJobs } from '../harness/suite/job.ts';
import { runJob } from '../harness/suite/run-job.ts';
import { builtInSubjects } from '../harness/suite/subjects.ts';
import { quantile } from './quantile.ts';
import type { Row } from './row.ts';

/** Runs every scenario that a local cell can play, node→node, `repeat` times, one after the other. */
export async function runOverheadBench(repeat = 3): Promise<Row[]> {
  const signal = new AbortController().signal;
  const node = (await builtInSubjects()).filter(({ name }) => name === 'node');
  const jobs = makeJobs({
    entries: await loadCatalogue(),
    servers: node,
    clients: node,
    seed: 'bench',
    cell: 'local',
    proxy: 'wire',
    repeat,
    missing: new Map(),
  }).filter(({ excused }) => excused === null);
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-bench-'));
  const overheads: number[] = [];
  const notPassed: string[] = [];
  {
    await using cell = await openLocalCell(150, signal);
    for (const job of jobs) {
      const { result } = await runJob(job, cell, folder, signal);
      if (result.verdict === 'pass') overheads.push(result.durationMs - result.waitsMs);
      else notPassed.push(`${result.scenario}: ${result.verdict}, ${result.reason}`);
    }
  }
  await rm(folder, { recursive: true });
  return [
    {
      measure: `overhead per scenario, local, median of ${overheads.length}`,
      value: quantile(overheads, 0.5),
      unit: 'ms',
      asked: 'at most 250',
      kept: quantile(overheads, 0.5) <= 250,
    },
    { measure: 'overhead per scenario, local, p95', value: quantile(overheads, 0.95), unit: 'ms' },
    {
      measure: 'scenarios that did not pass',
      value: notPassed.length,
      unit: notPassed.join('; '),
      asked: '0',
      kept: notPassed.length === 0,
    },
  ];
}
