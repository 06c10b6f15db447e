/**
 * The catalogue in Docker cells, through real Toxiproxy where it can deliver the faults, else through the wire proxy.
 * Node against itself in all that it can; the other pairs of the reference subjects in what is cleanest and what is dirtiest.
 * What the evidence of a run has that only containers can give is asked of the same runs.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readEvidence } from '../../evidence/read-evidence.ts';
import type { Check } from '../../evidence/verdict.ts';
import { loadCatalogue } from '../../suite/catalogue.ts';
import { makeJobs } from '../../suite/job.ts';
import type { Job } from '../../suite/job.ts';
import type { JobOutcome } from '../../suite/job-result.ts';
import { runPool } from '../../suite/pool.ts';
import { JobTask } from '../../suite/run-job.ts';
import { builtInSubjects } from '../../suite/subjects.ts';
import { DockerRun } from './docker-run.ts';
import { openEngine, RUN_LABEL } from './engine.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';

const CELLS = 2;
const LIMIT_MS = 900_000;
const CLEAN = 'framing/a-clean-exchange-is-clean';
const RESET = 'disconnect/a-message-cut-by-rst-is-a-reset';
const FOR_ALL_PAIRS = [CLEAN, RESET];
/** Clients that say nothing are done before real Toxiproxy has dialed for them. */
const SILENT = 'connect/every-refusal-is-told-and-the-next-is-tried';

const references = (await builtInSubjects()).filter(({ origin }) => origin === 'reference');
const catalogue = await loadCatalogue();
const matrix = {
  servers: references,
  clients: references,
  seed: 'docker',
  cell: 'docker',
  proxy: 'auto',
  repeat: 1,
  missing: new Map<string, string>(),
} as const;
const controls = makeJobs({
  ...matrix,
  entries: catalogue.filter(({ id }) => id === SILENT),
  variant: 'control',
  repeat: 8,
});
const jobs = [...makeJobs({ ...matrix, entries: catalogue }), ...controls].filter(
  ({ entry, server, client, excused }) => {
    if (excused !== null) return false;
    // Node has no TCP_USER_TIMEOUT.
    const speaker = entry.scenario.params.userTimeoutMs > 0 ? 'python' : 'node';
    const isAmongItsOwn = server.name === speaker && client.name === speaker;
    return isAmongItsOwn || FOR_ALL_PAIRS.includes(entry.id);
  },
);

const nameOf = ({ entry, server, client, plan, repetition }: Job): string => {
  const control = plan.variant === 'control' ? ` with its faults left out, ${repetition}` : '';
  return `${entry.id} (${server.name}→${client.name}, ${plan.proxy})${control}`;
};

describe.skipIf(skipWithoutEngine)('the catalogue in Docker cells', () => {
  const outcomes = new Map<Job, JobOutcome>();
  let folder: string;
  let run: DockerRun;

  beforeAll(async () => {
    const { signal } = new AbortController();
    folder = await mkdtemp(join(tmpdir(), 'halfopen-docker-'));
    run = await DockerRun.begin();
    await using _ = run;
    await runPool(
      {
        jobs,
        cells: CELLS,
        open: () => run.openCell(),
        begin: (job) => new JobTask(job, folder, signal),
        onStart: () => {},
        onOutcome: async (job, outcome) => {
          outcomes.set(job, outcome);
          return Promise.resolve(true);
        },
      },
      signal,
    );
  }, LIMIT_MS);

  afterAll(async () => {
    outcomes.clear();
    await rm(folder, { recursive: true });
  });

  const evidenceOf = (job: Job) => readEvidence(join(folder, outcomes.get(job)?.result.evidence ?? ''));

  /** Of what the judge asked, in every run, by the scenario. */
  const checked = (wanted: (check: Check) => boolean): { id: string; outcome: string; statement: string }[] =>
    [...outcomes].flatMap(([{ entry }, { verdict }]) =>
      (verdict?.checks ?? []).filter(wanted).map(({ outcome, statement }) => ({ id: entry.id, outcome, statement })),
    );

  test('real Toxiproxy carries a fair part of it', () => {
    expect(jobs.filter(({ plan }) => plan.proxy === 'toxiproxy').length).toBeGreaterThan(10);
  });

  test('what both processes hold is read in their containers, before an exchange and after it', async () => {
    const job = jobs.find(({ entry, server, client }) => entry.id === CLEAN && server === client);
    const { records } = await evidenceOf(job as Job);
    const readings = records.flatMap((record) =>
      record.kind === 'reading' ? [`${record.role} ${record.moment}: ${record.fds > 0}`] : [],
    );
    expect(readings.toSorted()).toEqual([
      'client begun: true',
      'client settled: true',
      'server begun: true',
      'server settled: true',
    ]);
  });

  test('so that nothing goes unasked: what is held afterwards, what was spent, and how far it grew', () => {
    const isStopped = ({ id }: { id: string }): boolean =>
      jobs.some(({ entry, plan }) => entry.id === id && plan.faults.some(({ kind }) => kind === 'stop'));
    // Who is told to end in the middle is gone before it could be looked at.
    const released = checked(({ name }) => name === 'released').filter((check) => !isStopped(check));
    const consumed = checked(({ statement }) => /on a core\.|never grows by more than/.test(statement));
    expect(released.length).toBeGreaterThan(jobs.length * 0.9);
    expect(consumed.length).toBeGreaterThanOrEqual(4);
    expect([...released, ...consumed].filter(({ outcome }) => outcome === 'not-checked')).toEqual([]);
  });

  test('a reset by real Toxiproxy is proved by the recorder behind it', async () => {
    const cut = jobs.filter(({ entry }) => entry.id === RESET);
    expect(cut).toHaveLength(references.length ** 2);
    for (const job of cut) {
      const { receipts } = await evidenceOf(job);
      expect(job.plan.proxy).toBe('toxiproxy');
      expect(receipts).toMatchObject([{ kind: 'reset', delivered: { grade: 'recorder' } }]);
    }
  });

  test('nothing with our label is left of the run on the engine, helpers in the network and all', async () => {
    const engine = await openEngine();
    const filters = { label: [`${RUN_LABEL}=${run.name}`] };
    const containers = await engine.listContainers({ all: true, filters });
    expect([containers, await engine.listNetworks({ filters })]).toEqual([[], []]);
  });

  test.for(jobs.map((job) => ({ job, name: nameOf(job) })))('$name', ({ job }) => {
    const { verdict, reason } = outcomes.get(job)?.result ?? { verdict: 'not-run', reason: 'it did not run' };
    expect({ verdict, reason }).toEqual({ verdict: 'pass', reason: expect.any(String) as string });
  });
});
