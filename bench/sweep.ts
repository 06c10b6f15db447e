/**
 * What a sweep costs: an end of the stream at every byte of two kilobytes, each on a connection of its own, in one local cell.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readEvidence } from '../harness/evidence/read-evidence.ts';
import { openLocalCell } from '../harness/run/local/local-cell.ts';
import { loadCatalogue } from '../harness/suite/catalogue.ts';
import { makeJobs } from '../harness/suite/job.ts';
import { runJob } from '../harness/suite/run-job.ts';
import { builtInSubjects } from '../harness/suite/subjects.ts';
import { quantile } from './quantile.ts';
import type { Row } from './row.ts';

const SWEEP = 'disconnect/an-end-at-any-byte-of-two-kilobytes-is-told';
const REPEAT = 3;
const MOST_MS = 10_000;

export async function runSweepBench(): Promise<Row[]> {
  const { signal } = new AbortController();
  const node = (await builtInSubjects()).filter(({ name }) => name === 'node');
  const entries = (await loadCatalogue()).filter(({ id }) => id === SWEEP);
  const matrix = { entries, servers: node, clients: node, missing: new Map<string, string>() };
  const jobs = makeJobs({ ...matrix, seed: 'bench', cell: 'local', proxy: 'wire', repeat: REPEAT });
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-bench-sweep-'));
  const times: number[] = [];
  const served: number[] = [];
  const notPassed: string[] = [];
  try {
    await using cell = await openLocalCell(150, signal);
    for (const job of jobs) {
      const fromMs = performance.now();
      const { result } = await runJob(job, cell, folder, signal);
      times.push(performance.now() - fromMs);
      served.push(result.evidence === null ? 0 : await servedIn(join(folder, result.evidence)));
      if (result.verdict !== 'pass') notPassed.push(`${result.verdict}, ${result.reason}`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  const places = entries[0]?.scenario.faults.length ?? Number.NaN;
  const longest = Math.max(...times);
  return [
    {
      measure: `a FIN at each of ${places} bytes, run and judged, median of ${REPEAT}`,
      value: quantile(times, 0.5),
      unit: 'ms',
    },
    {
      measure: 'the longest of them',
      value: longest,
      unit: 'ms',
      asked: `at most ${MOST_MS} ms`,
      kept: longest <= MOST_MS,
    },
    {
      measure: 'connections served from their accept to their end, at the fewest',
      value: Math.min(...served),
      unit: '',
      asked: `${places}`,
      kept: served.length === REPEAT && served.every((count) => count === places),
    },
    {
      measure: 'sweeps that did not pass',
      value: notPassed.length,
      unit: notPassed.join('; '),
      asked: '0',
      kept: notPassed.length === 0,
    },
  ];
}

/** How many connections the server accepted and closed, by its own account. */
async function servedIn(attempt: string): Promise<number> {
  const { records } = await readEvidence(attempt);
  const told = (name: string): Set<number | undefined> =>
    new Set(
      records.flatMap((record) =>
        record.kind === 'event' && record.role === 'server' && record.event.event === name && 'conn' in record.event
          ? [record.event.conn]
          : [],
      ),
    );
  return told('accepted').intersection(told('closed')).size;
}
