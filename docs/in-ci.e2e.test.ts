/**
 * The shell lines of what in-ci.md shows for GitHub, GitLab and Jenkins, run as those would: each machine in a folder of
 * its own, with what it sets, and what a job keeps brought to the next.
 *
 * `npm ci` is left out, and one case is run of the whole catalogue.
 */
import { access, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeEach, afterEach, expect, test } from 'vitest';
import { YAML } from 'zx';

import { ROOT, shell } from './shell.ts';

const FEW = 'a-refused-connection-is a-client-of-another-protocol --server node --client node';

const page = await readFile(join(ROOT, 'docs/in-ci.md'), 'utf8');
const [github = '', gitlab = ''] = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
const [, jenkins = ''] = /^```groovy\n([\s\S]*?)^```$/m.exec(page) ?? [];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-in-ci-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs a machine's lines, one after another as its steps; a line that fails fails the test. */
async function machine(place: string, lines: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  await mkdir(place, { recursive: true });
  const own = lines.filter((line) => line !== 'npm ci');
  expect(own.length).toBeGreaterThan(0);
  const set = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'\n`);
  for (const line of own) {
    const command = line.replace('npx halfopen run ', `npx halfopen run ${FEW} `);
    expect(await shell(`${set.join('')}${command}`, place), line).toMatchObject({ status: 0 });
  }
}

interface Job {
  readonly steps: readonly { readonly run?: string }[];
}

const githubLines = (job: string, shard = 0): string[] =>
  ((YAML.parse(github) as { jobs: Record<string, Job> }).jobs[job]?.steps ?? []).flatMap(({ run }) =>
    run === undefined ? [] : [run.replace('${{ matrix.shard }}', `${shard}`).replace('${{ github.run_id }}', '77')],
  );

test('GitHub: two shards, put together, and the summary of both on the page of the last job', async () => {
  for (const shard of [1, 2]) {
    const place = join(folder, `machine-${shard}`);
    await machine(place, githubLines('resilience', shard), { GITHUB_STEP_SUMMARY: join(place, 'step.md') });
    expect(await readFile(join(place, 'step.md'), 'utf8')).toContain(` in shard ${shard} of 2`);
    // An artifact holds what a link leads to.
    const artifact = join(folder, 'report/shards', `resilience-${shard}`);
    await cp(join(place, 'reports'), artifact, { recursive: true, dereference: true });
  }
  const step = join(folder, 'step.md');
  await machine(join(folder, 'report'), githubLines('report'), { GITHUB_STEP_SUMMARY: step });
  expect(await readFile(step, 'utf8')).toMatch(/^## Halfopen: Every claim held\n\n2 cases: 2 pass in /);
});

test('GitLab: its variables name the shards, and what it shows of them is found from the root of the project', async () => {
  const jobs = YAML.parse(gitlab) as Record<string, { script: string[]; artifacts: { reports?: { junit: string } } }>;
  const project = join(folder, 'project');
  for (const number of [1, 2]) {
    const variables = { CI_NODE_INDEX: `${number}`, CI_NODE_TOTAL: '2', CI_PIPELINE_ID: '77' };
    await machine(project, jobs['resilience']?.script ?? [], variables);
  }
  await machine(project, jobs['report']?.script ?? []);
  const junit = await readFile(join(project, jobs['report']?.artifacts.reports?.junit ?? 'nowhere'), 'utf8');
  expect(junit).toMatch(/<testsuites [^>]* tests="2" failures="0" errors="0" skipped="0"/);
  const attached = [...junit.matchAll(/\[\[ATTACHMENT\|([^\]]+)\]\]/g)].map(([, path = '']) => path);
  expect(attached).toHaveLength(2);
  for (const path of attached) await expect(access(join(project, path))).resolves.toBeUndefined();
});

test('Jenkins: what it takes is there', async () => {
  const lines = [...jenkins.matchAll(/^ +sh '(.*)'$/gm)].map(([, line = '']) => line);
  await machine(folder, lines, { BUILD_NUMBER: '7' });
  const [, junit = 'nowhere'] = /junit '(.*)'/.exec(jenkins) ?? [];
  const [, kept = 'nowhere'] = /archiveArtifacts '(.*)\/\*\*'/.exec(jenkins) ?? [];
  expect(await readFile(join(folder, junit), 'utf8')).toContain('tests="2"');
  await expect(access(join(folder, kept, 'index.html'))).resolves.toBeUndefined();
});

test('our own workflow: what its first job calls is there, and runs', async () => {
  const workflow = YAML.parse(await readFile(join(ROOT, '.github/workflows/resilience.yml'), 'utf8')) as {
    jobs: { check: Job };
  };
  const lines = workflow.jobs.check.steps.flatMap(({ run }) => (run?.startsWith('npm') ? [run] : []));
  expect(lines).toEqual(['npm ci', 'npm run check', 'npm test']);
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const parts = [...(scripts['check'] ?? '').split(' && '), scripts['test'] ?? ''];
  expect(parts.length).toBeGreaterThan(4);
  const programs = parts.map((part) => part.split(' ')[0] ?? '').filter((program) => program !== 'vitest');
  for (const program of programs) expect(await shell(`${program} --version`), program).toMatchObject({ status: 0 });
  // One file of all; what the others find is the job's own matter.
  const few = parts
    .filter((part) => part.startsWith('vitest '))
    .map((part) => `${part} --project unit .ci/count.test.ts`);
  expect(few).toHaveLength(2);
  for (const line of few) {
    const { status, output } = await shell(line);
    expect({ status, output }).toMatchObject({ status: 0, output: expect.stringContaining('1 passed') as string });
  }
});

test('our own workflow: each push has the judge broken and every bug tried, by the commands that their page shows', async () => {
  const workflow = YAML.parse(await readFile(join(ROOT, '.github/workflows/resilience.yml'), 'utf8')) as {
    jobs: { proofs: Job };
  };
  const [install, judge = '', matrix = ''] = workflow.jobs.proofs.steps.flatMap(({ run }) => run ?? []);
  expect(install).toBe('npm ci');
  const shown = await readFile(join(ROOT, 'docs/can-it-be-trusted.md'), 'utf8');
  // The page's own test runs the first in one place of the judge, and the second with two bugs.
  expect(shown).toContain(`\n${judge}\n`);
  expect(shown).toContain(`\n${matrix} --bug `);
});

test('our own workflow: each push is tried at fifty random moments, by the command that its page shows', async () => {
  const workflow = YAML.parse(await readFile(join(ROOT, '.github/workflows/resilience.yml'), 'utf8')) as {
    jobs: { kills: Job };
  };
  const [install, images, kills = ''] = workflow.jobs.kills.steps.flatMap(({ run }) => run ?? []);
  expect(install).toBe('npm ci');
  // Run by the test of the page that begins with it.
  expect(await readFile(join(ROOT, 'docs/compose-by-hand.md'), 'utf8')).toContain(`\n${images}\n`);
  expect(await readFile(join(ROOT, 'docs/can-it-be-trusted.md'), 'utf8')).toContain(`\n${kills}\n`);
  // What is collected is told by its names; the moments themselves are tried on an engine.
  const { status, output } = await shell(`${kills} --testNamePattern 'no such test' --reporter verbose`);
  expect({ status, output }).toMatchObject({
    status: 0,
    output: expect.stringContaining('ended at a random moment (50 times)') as string,
  });
});
