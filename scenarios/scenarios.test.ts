/**
 * The catalogue as tests, in local cells: the basic scenarios with every pair of reference subjects, the others with
 * node and node, and each that can be played here once more with its faults left out, where nothing may be found.
 *
 * A team's own vitest run can hold it like this; the command schedules by itself and does not load vitest.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Plan } from '../harness/evidence/plan.ts';
import type { Cell } from '../harness/run/cell.ts';
import { openLocalCell } from '../harness/run/local/local-cell.ts';
import { loadCatalogue } from '../harness/suite/catalogue.ts';
import type { CatalogueEntry } from '../harness/suite/catalogue.ts';
import { makeJobs } from '../harness/suite/job.ts';
import type { Job } from '../harness/suite/job.ts';
import { runJob } from '../harness/suite/run-job.ts';
import { builtInSubjects, whyMissing } from '../harness/suite/subjects.ts';

/** As many as vitest runs at a time, see vitest.config.ts. */
const CELLS = 4;
/** Numbers of cells, which are addresses, beyond those that a run beside this one takes. */
const FIRST_CELL = 100;

const references = (await builtInSubjects()).filter(({ origin }) => origin === 'reference');
const missing = new Map<string, string>();
for (const subject of references) {
  const reason = await whyMissing(subject);
  if (reason !== null) missing.set(subject.name, reason);
}

const catalogue = await loadCatalogue();
const node = references.filter(({ name }) => name === 'node');
const python = references.filter(({ name }) => name === 'python');

function jobsFor(entry: CatalogueEntry, subjects: typeof references, variant: Plan['variant']): Job[] {
  const matrix = { entries: [entry], servers: subjects, clients: subjects, missing, variant };
  const jobs = makeJobs({ ...matrix, seed: 'vitest', cell: 'local', proxy: 'wire', repeat: 1 });
  // What only containers can carry out is held in them: harness/run/docker/scenarios.docker.test.ts.
  return jobs.filter(({ excused }) => excused?.verdict !== 'unsupported');
}

const cases = catalogue
  .map((entry) => ({ entry, jobs: jobsFor(entry, entry.scenario.basic ? references : node, 'fault') }))
  .filter(({ jobs }) => jobs.length > 0);
// Node has no TCP_USER_TIMEOUT.
const controls = catalogue.flatMap((entry) =>
  jobsFor(entry, entry.scenario.params.userTimeoutMs > 0 ? python : node, 'control'),
);

const free: Cell[] = [];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-scenarios-'));
  const { signal } = new AbortController();
  free.push(
    ...(await Promise.all(Array.from({ length: CELLS }, (_, index) => openLocalCell(FIRST_CELL + index, signal)))),
  );
});

afterAll(async () => {
  await Promise.all(free.map((cell) => cell[Symbol.asyncDispose]()));
  await rm(folder, { recursive: true });
});

async function outcome(job: Job, signal: AbortSignal): Promise<{ verdict: string; reason: string }> {
  const cell = free.pop();
  if (cell === undefined) throw new Error(`more than ${CELLS} tests run at a time`);
  try {
    const { result } = await runJob(job, cell, folder, signal);
    return { verdict: result.verdict, reason: result.verdict === 'pass' ? '' : result.reason };
  } finally {
    free.push(cell);
  }
}

describe.for(cases)('$entry.id', ({ entry, jobs }) => {
  test.concurrent.for(jobs)(
    `${entry.scenario.claim} ($plan.client→$plan.server)`,
    async (job, { signal, skip, expect: expectHere }) => {
      skip(job.excused !== null && process.env['CI'] === undefined, job.excused?.reason);
      expectHere(await outcome(job, signal)).toEqual({ verdict: 'pass', reason: '' });
    },
  );
});

describe('with its faults left out', () => {
  test.concurrent.for(controls.map((job) => ({ id: job.entry.id, job })))(
    '$id finds nothing',
    async ({ job }, { signal, skip, expect: expectHere }) => {
      skip(job.excused !== null && process.env['CI'] === undefined, job.excused?.reason);
      expectHere(await outcome(job, signal)).toEqual({ verdict: 'pass', reason: '' });
    },
  );
});

test('there is a catalogue, and no two of its claims are the same', () => {
  const claims = catalogue.map(({ scenario }) => scenario.claim);
  expect(claims.length).toBeGreaterThan(15);
  expect(new Set(claims).size).toBe(claims.length);
});
