/**
 * What two Docker cells cost together: the memory they hold, and how near the whole catalogue comes to the least time that
 * it could take in them.
 */
import { cpus } from 'node:os';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Result } from '../harness/evidence/run.ts';
import type { Cell } from '../harness/run/cell.ts';
import { DockerRun } from '../harness/run/docker/docker-run.ts';
import { openEngine, RUN_LABEL } from '../harness/run/docker/engine.ts';
import { runPool } from '../harness/suite/pool.ts';
import { JobTask } from '../harness/suite/run-job.ts';
import { nodeToNode } from './node-to-node.ts';
import { notPassedRow } from './not-passed.ts';
import type { Row } from './row.ts';

const CELLS = 2;
const MOST_BYTES = 1024 ** 3;
/** Of the largest of what nothing can be quicker than. */
const MOST_TIMES = 1.3;

/** Opens two cells and weighs them, then runs all scenarios in two. */
export async function runDockerPoolBench(): Promise<Row[]> {
  await using run = await DockerRun.begin();
  return [await weigh(run), ...(await runAll(run))];
}

async function weigh(run: DockerRun): Promise<Row> {
  const cells: Cell[] = await Promise.all(Array.from({ length: CELLS }, () => run.openCell()));
  const engine = await openEngine();
  const filters = { label: [`${RUN_LABEL}=${run.name}`] };
  const containers = await engine.listContainers({ filters });
  const used = await Promise.all(
    containers.map(async ({ Id }) => (await engine.getContainer(Id).stats({ stream: false })).memory_stats.usage),
  );
  await Promise.all(cells.map((cell) => cell[Symbol.asyncDispose]()));
  const bytes = used.reduce((sum, each) => sum + each, 0);
  const value = bytes / 1024 ** 2;
  return {
    measure: `memory of ${CELLS} cells, ${used.length} containers`,
    value,
    unit: 'MiB',
    asked: 'at most 1024',
    kept: bytes <= MOST_BYTES,
  };
}

async function runAll(run: DockerRun): Promise<Row[]> {
  const { signal } = new AbortController();
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-bench-'));
  const jobs = await nodeToNode('docker');
  const results: Result[] = [];
  const [startedMs, startedCpuMs] = [performance.now(), busyMs()];
  await runPool(
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
  );
  const [tookMs, cpuMs] = [performance.now() - startedMs, busyMs() - startedCpuMs];
  await rm(folder, { recursive: true });
  const bounds = {
    'the longest scenario': Math.max(...results.map(({ durationMs }) => durationMs)),
    [`waits by ${CELLS}`]: results.reduce((sum, { waitsMs }) => sum + waitsMs, 0) / CELLS,
    'time on a core by cores': cpuMs / cpus().length,
  };
  const largest = Math.max(...Object.values(bounds));
  const again = results.filter(({ attempts }) => attempts.length > 1).length;
  return [
    ...Object.entries(bounds).map(([measure, value]) => ({ measure: `bound: ${measure}`, value, unit: 'ms' })),
    {
      measure: `all ${results.length} scenarios, ${CELLS} cells, by the largest bound`,
      value: tookMs / largest,
      unit: `of it: ${Math.round(tookMs)} ms, ${again} were tried again`,
      asked: `at most ${MOST_TIMES}`,
      kept: tookMs <= MOST_TIMES * largest,
    },
    notPassedRow(results, `${CELLS} cells`),
  ];
}

/** Time that all cores were at work since the machine started, whoever they worked for. */
function busyMs(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
}
