/**
 * The scenario of a server out of descriptors, and the bug that only it shows. It runs in containers, as that is where the
 * harness sets limits; here the same plan meets a server that its own shell has limited, so that no engine is needed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openLocalCell } from '../harness/run/local/local-cell.ts';
import { loadBugs } from '../harness/suite/bugs.ts';
import { loadCatalogue } from '../harness/suite/catalogue.ts';
import { makeJobs } from '../harness/suite/job.ts';
import { isNamed } from '../harness/suite/kill-matrix.ts';
import { runJob } from '../harness/suite/run-job.ts';
import { builtInSubjects } from '../harness/suite/subjects.ts';
import type { KnownSubject } from '../harness/suite/subjects.ts';

const SCENARIO = 'connect/a-server-out-of-descriptors-serves-again';
const BUG = 'accept-tried-on-without-a-pause';
const CELL = 91;

const subjects = await builtInSubjects();

function subject(name: string): KnownSubject {
  const found = subjects.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`there is no subject ${name}`);
  return found;
}

function limited(server: KnownSubject, descriptors: number): KnownSubject {
  const command = ['sh', '-c', `ulimit -n ${descriptors}; exec "$@"`, 'sh', ...server.command];
  return { ...server, command };
}

async function result(server: string, signal: AbortSignal) {
  const entry = (await loadCatalogue()).find(({ id }) => id === SCENARIO);
  const descriptors = entry?.scenario.resources?.server?.fds;
  if (entry === undefined || descriptors === undefined) throw new Error('the scenario limits no descriptors');
  const reports = await mkdtemp(join(tmpdir(), 'halfopen-descriptors-'));
  const [job] = makeJobs({
    entries: [entry],
    servers: [limited(subject(server), descriptors)],
    clients: [subject('node')],
    seed: 'descriptors',
    cell: 'local',
    proxy: 'wire',
    repeat: 1,
    missing: new Map(),
  });
  if (job === undefined) throw new Error(`no job came of ${SCENARIO}`);
  await using cell = await openLocalCell(CELL, signal);
  const { result: made } = await runJob({ ...job, excused: null }, cell, reports, signal);
  await rm(reports, { recursive: true });
  return made;
}

test('a server that pauses when it is out of descriptors passes', async ({ signal }) => {
  expect(await result('python', signal)).toMatchObject({ verdict: 'pass' });
});

// What a process spends is read from /proc.
test.skipIf(process.platform !== 'linux')(
  'one that tries on without a pause is caught, and named',
  async ({ signal }) => {
    const { verdict, reason } = await result(BUG, signal);
    expect(verdict).toBe('fail');
    const bug = (await loadBugs()).find(({ name }) => name === BUG);
    expect(bug !== undefined && isNamed(bug, { reason }), reason).toBe(true);
  },
);
