/**
 * Does the same come to the same: the whole catalogue node→node, run again and again, compared case by case.
 *
 *     node bench/stability.ts [--local N] [--docker N] [--cells N] [--seed S] [--report DIR] [FILTER…]
 *
 * So many whole runs in local cells, then so many in Docker cells; 0 leaves them out. FILTER chooses scenarios by parts of
 * their ids, for a try.
 *
 * Owns the runs and what is told of them; the comparison is `first-verdicts.ts`. Exits 1 where the first attempts of a case
 * did not come to the same in every run, or where not every run came to its end.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';

import type { CellKind } from '../harness/evidence/plan.ts';
import type { Result } from '../harness/evidence/run.ts';
import type { Job } from '../harness/suite/job.ts';
import { runSuite } from '../harness/suite/run-suite.ts';
import { unstableCases } from './first-verdicts.ts';
import { nodeToNode } from './node-to-node.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    local: { type: 'string', default: '20' },
    docker: { type: 'string', default: '5' },
    cells: { type: 'string', default: '4' },
    seed: { type: 'string', default: 'stability' },
    report: { type: 'string', default: 'reports' },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  const asked = (['local', 'docker'] as const)
    .map((cell) => ({ cell, runs: runsOf(cell) }))
    .filter(({ runs }) => runs > 0);
  const { signal } = interruption();
  if (asked.length === 0) throw new Error('--local 0 --docker 0 leaves nothing to compare');
  let isFine = true;
  for (const { cell, runs } of asked) {
    const jobs = await nodeToNode(cell, values.seed, positionals);
    isFine = (await compared(cell, jobs, runs, signal)) && isFine;
  }
  return isFine ? 0 : 1;
}

/** Runs the jobs so often, tells what differs, and returns whether nothing does. */
async function compared(cell: CellKind, jobs: readonly Job[], runs: number, signal: AbortSignal): Promise<boolean> {
  console.log(
    `\n${cell}: ${runs} runs of ${jobs.length} cases, load average before them ${(loadavg()[0] ?? 0).toFixed(2)}`,
  );
  const all: (readonly Result[])[] = [];
  while (all.length < runs && !signal.aborted) {
    const results = await oneRun(jobs, signal);
    if (!signal.aborted) all.push(results);
  }
  const unstable = unstableCases(all);
  for (const each of unstable) console.log(`✗ ${each.name}: ${countedWords(each.runs)}`);
  const isWhole = all.length === runs;
  if (!isWhole) console.log(`interrupted after ${all.length} of ${runs} runs`);
  console.log(`${unstable.length} of ${jobs.length} cases differ   asked: 0`);
  return isWhole && jobs.length > 0 && unstable.length === 0;
}

async function oneRun(jobs: readonly Job[], signal: AbortSignal): Promise<readonly Result[]> {
  const run = await runSuite(
    {
      jobs,
      cells: cellsOf(),
      reports: values.report,
      seed: values.seed,
      command: ['bench/stability', ...process.argv.slice(2)],
      untilFail: false,
    },
    () => {},
    signal,
  );
  const counts = Object.entries(run.counts).filter(([, count]) => count > 0);
  console.log(
    `${countedWords(new Map(counts))} in ${(run.durationMs / 1000).toFixed(1)} s: ${values.report}/${run.run}`,
  );
  return run.results;
}

/** `19 pass, 1 unknown`. */
function countedWords(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}

function interruption(): AbortController {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort('SIGINT'));
  return controller;
}

function runsOf(cell: 'local' | 'docker'): number {
  const runs = Number(values[cell]);
  if (Number.isInteger(runs) && runs >= 0 && runs !== 1) return runs;
  throw new Error(`--${cell} takes 0, or at least 2 runs to compare, not "${values[cell]}"`);
}

function cellsOf(): number {
  const cells = Number(values.cells);
  if (Number.isInteger(cells) && cells > 0) return cells;
  throw new Error(`--cells takes a whole number above 0, not "${values.cells}"`);
}
