import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { loadCatalogue } from './catalogue.ts';
import { makeJobs } from './job.ts';
import { runSuite } from './run-suite.ts';
import { select } from './select.ts';
import type { KnownSubject } from './subjects.ts';

test('jobs that would write into one folder are refused before anything is begun', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-places-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const entries = select(await loadCatalogue(), ['a-clean-exchange-is-clean']);
  const none: KnownSubject = { name: 'none', origin: 'user', command: ['false'] };
  const matrix = {
    servers: [none, none],
    clients: [none],
    seed: 's',
    cell: 'local',
    proxy: 'wire',
    repeat: 1,
  } as const;
  const jobs = makeJobs({ entries, ...matrix, missing: new Map() });
  const reports = join(folder, 'reports');
  const request = { jobs, cells: 1, reports, seed: 's', command: [], untilFail: false };
  await expect(runSuite(request, () => {}, new AbortController().signal)).rejects.toThrow('the same place');
  await expect(access(reports)).rejects.toThrow('ENOENT');
});
