/**
 * What only containers can show is held to what all scenarios are: each catches a seeded bug that it names, by a sentence
 * that tells of that bug, and finds nothing with the fault off. The kill matrix runs in local cells; these run here, each
 * against the first of its bugs that can play it.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Plan } from '../../../evidence/plan.ts';
import type { Result } from '../../../evidence/run.ts';
import { whyNotIn } from '../../../plan/capability.ts';
import type { Scenario } from '../../../scenario/scenario.ts';
import { loadBugs } from '../../../suite/bugs.ts';
import type { Bug } from '../../../suite/bugs.ts';
import { loadCatalogue } from '../../../suite/catalogue.ts';
import type { CatalogueEntry } from '../../../suite/catalogue.ts';
import { makeJobs } from '../../../suite/job.ts';
import type { Job } from '../../../suite/job.ts';
import { isNamed } from '../../../suite/kill-matrix.ts';
import { runPool } from '../../../suite/pool.ts';
import { JobTask } from '../../../suite/run-job.ts';
import { DockerRun } from '../docker-run.ts';
import { openEngine } from '../engine.ts';
import { skipWithoutEngine } from '../engine-for-tests.ts';
import { buildImage } from '../images.ts';

const run = promisify(execFile);
const SERVICES = fileURLToPath(new URL('../../../../services', import.meta.url));
const SUBJECTS = { node: 'halfopen/node-subject:dev', python: 'halfopen/python-subject:dev' } as const;
type Language = keyof typeof SUBJECTS;
/** The class of those who take one recv for one message. */
const CUT_ANYWHERE = 'B05';
const CELLS = 2;
const LIMIT_MS = 600_000;

const bugs = new Map((await loadBugs()).map((bug) => [bug.name, bug]));
const trials = (await loadCatalogue())
  .filter(({ scenario }) => scenario.only?.cell === 'docker' || whyNotIn('local', scenario) !== null)
  .map((entry) => ({
    entry,
    bug: entry.scenario.kills.find((name) => bugs.has(name) && couldPlay(entry.scenario, name)),
  }));

/** Node has no TCP_USER_TIMEOUT. */
function couldPlay({ params }: Scenario, bug: string): boolean {
  return params.userTimeoutMs === 0 || languageOf(bug) === 'python';
}

function languageOf(bug: string): Language {
  return bugs.get(bug)?.language ?? 'node';
}

/** Of this run alone: it removes them, and another run of the tests on the same engine would miss them. */
const imageOf = (bug: string): string => `halfopen/broken-${bug}:test-${process.pid}`;

const PROGRAM_OF: Readonly<Record<Language, (bug: string) => readonly string[]>> = {
  // As the correct subject is started, see its Dockerfile.
  node: (bug) => [
    'node',
    '--no-concurrent-recompilation',
    '--no-concurrent-sparkplug',
    `/app/services/broken/${bug}.ts`,
  ],
  python: (bug) => ['python3', '-E', '-S', `/app/services/broken/python/${bug.replaceAll('-', '_')}.py`],
};

/** The reference subject's image with the bug's program as its own. */
async function buildBroken(bug: string, folder: string): Promise<void> {
  const dockerfile = join(folder, `${bug}.Dockerfile`);
  const language = languageOf(bug);
  const program = PROGRAM_OF[language](bug);
  await writeFile(
    dockerfile,
    `FROM ${SUBJECTS[language]}\nCOPY broken /app/services/broken\nENTRYPOINT ${JSON.stringify(program)}\n`,
  );
  await run('docker', ['build', '--quiet', '--tag', imageOf(bug), '--file', dockerfile, SERVICES]);
}

/** What a scenario is without its fault: one that has none but makes something scarce, with enough of it. */
function withoutFault({ id, scenario }: CatalogueEntry): CatalogueEntry {
  const { resources: _, ...plenty } = scenario;
  return { id, scenario: scenario.faults.length === 0 ? plenty : scenario };
}

function jobsFor({ entry, bug = '' }: (typeof trials)[number], variant: Plan['variant']): Job[] {
  const broken = { name: bug, command: [], image: imageOf(bug), origin: 'broken' } as const;
  return makeJobs({
    entries: [variant === 'control' ? withoutFault(entry) : entry],
    servers: [broken],
    clients: [broken],
    seed: 'kills',
    cell: 'docker',
    proxy: 'wire',
    repeat: 1,
    missing: new Map(),
    variant,
  });
}

/** Where messages go over a network, it may cut one with no fault at all, and whoever takes a piece for the whole is caught. */
function showsByItself(bug: Bug, control: Result | undefined): boolean {
  return bug.class === CUT_ANYWHERE && control?.verdict === 'fail' && isNamed(bug, control);
}

/** Under which name a result is kept. */
const nameOf = ({ scenario, variant }: Pick<Plan, 'scenario' | 'variant'>): string => `${scenario} ${variant}`;

describe.skipIf(skipWithoutEngine)('a seeded bug, where only containers can show it', () => {
  const results = new Map<string, Result>();

  beforeAll(async () => {
    const { signal } = new AbortController();
    for (const subject of Object.values(SUBJECTS)) await buildImage(subject);
    const folder = await mkdtemp(join(tmpdir(), 'halfopen-kills-'));
    for (const bug of new Set(trials.flatMap((trial) => trial.bug ?? []))) await buildBroken(bug, folder);
    await using cells = await DockerRun.begin();
    await runPool(
      {
        jobs: trials.flatMap((trial) => [...jobsFor(trial, 'fault'), ...jobsFor(trial, 'control')]),
        cells: CELLS,
        open: () => cells.openCell(),
        begin: (job) => new JobTask(job, folder, signal),
        onStart: () => {},
        onOutcome: (job, { result }) => {
          results.set(nameOf(job.plan), result);
          return Promise.resolve(true);
        },
      },
      signal,
    );
    await rm(folder, { recursive: true });
  }, LIMIT_MS);

  afterAll(async () => {
    const engine = await openEngine();
    for (const bug of new Set(trials.flatMap((trial) => trial.bug ?? []))) await engine.getImage(imageOf(bug)).remove();
  });

  test('there are such scenarios, and each names one', () => {
    expect(trials.length).toBeGreaterThan(10);
    expect(trials.filter(({ bug }) => bug === undefined)).toEqual([]);
  });

  test.for(trials.map(({ entry, bug = '' }) => ({ id: entry.id, bug })))(
    '$bug is caught by $id, by a sentence that names it, and spared where nothing is done to it',
    ({ id, bug: name }) => {
      const bug = bugs.get(name);
      const caught = results.get(nameOf({ scenario: id, variant: 'fault' }));
      const control = results.get(nameOf({ scenario: id, variant: 'control' }));
      if (bug === undefined || caught === undefined) throw new Error(`${name} did not meet ${id}`);
      expect(caught.verdict, caught.reason).toBe('fail');
      expect(isNamed(bug, caught), caught.reason).toBe(true);
      expect(control?.verdict === 'pass' || showsByItself(bug, control), control?.reason).toBe(true);
    },
  );
});
