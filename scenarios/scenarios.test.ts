/**
 * The catalogue as tests: every scenario with the reference subjects, in a local cell.
 *
 * A team's own vitest run can hold it like this; the command schedules by itself and does not load vitest.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Cell } from '../harness/run/cell.ts';
import { openLocalCell } from '../harness/run/local/local-cell.ts';
import { loadCatalogue } from '../harness/suite/catalogue.ts';
import { makeJobs } from '../harness/suite/job.ts';
import { runJob } from '../harness/suite/run-job.ts';
import { builtInSubjects, whyMissing } from '../harness/suite/subjects.ts';

const catalogue = await loadCatalogue();
const references = (await builtInSubjects()).filter(({ origin }) => origin === 'reference');
const missing = new Map<string, string>();
for (const subject of references) {
  const reason = await whyMissing(subject);
  if (reason !== null) missing.set(subject.name, reason);
}
const jobs = makeJobs({
  entries: catalogue,
  servers: references,
  clients: references,
  seed: 'vitest',
  cell: 'local',
  proxy: 'wire',
  repeat: 1,
  missing,
});

let cell: Cell;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-scenarios-'));
  cell = await openLocalCell(100, new AbortController().signal);
});

afterAll(async () => {
  await cell[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe.each(catalogue)('$id', ({ id, scenario }) => {
  test.for(jobs.filter(({ entry }) => entry.id === id))(
    `${scenario.claim} ($plan.server→$plan.client)`,
    async (job, { signal, skip }) => {
      skip(job.excused !== null && process.env['CI'] === undefined, job.excused?.reason);
      const { result, verdict } = await runJob(job, cell, folder, signal);
      const broken = verdict?.checks.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'not-checked');
      expect({ verdict: result.verdict, reason: result.reason, broken }).toEqual({
        verdict: 'pass',
        reason: expect.any(String) as string,
        broken: [],
      });
    },
  );
});
