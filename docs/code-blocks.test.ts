/**
 * Every code block of every page that is not a command to run: each is held against what it shows.
 *
 * Commands, and the output that pages show of them, are run in the tests of those pages; so are the shell lines of what
 * in-ci.md shows of CI servers' files.
 */
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';
import { YAML } from 'zx';

import { ATTEMPT_FILES, RUN_FILES } from '../harness/evidence/folder.ts';
import { client } from '../harness/scenario/expectation.ts';
import { defineScenario } from '../harness/scenario/scenario.ts';
import type { ScenarioInput } from '../harness/scenario/scenario.ts';
import { readConfig } from '../harness/suite/config.ts';
import { ROOT } from './shell.ts';
import { blocksOf, isCommand, pageNames, readPage } from './shown.ts';
import type { Block } from './shown.ts';

interface PlacedBlock extends Block {
  readonly page: string;
}

async function blocks(): Promise<PlacedBlock[]> {
  const pages = await pageNames();
  const all = await Promise.all(
    pages.map(async (page) => blocksOf(await readPage(page)).map((block) => ({ page, ...block }))),
  );
  return all.flat();
}

const only = async (page: string, kind: string, place = 0): Promise<string> =>
  (await blocks()).filter((block) => block.page === page && block.kind === kind)[place]?.text ?? '';

async function inFolder(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-block-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, name), text);
  return folder;
}

/** Kinds of blocks, beside commands and their output, by page; each has its test below, in the page's own, or beside what it is for. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  'differences-from-toxiproxy.md': ['yaml'],
  'in-ci.md': ['groovy', 'yaml'],
  'in-docker.md': ['ts'],
  'plain-subjects.md': ['ts'],
  'plug-in-your-own.md': ['js', 'ts'],
  'write-a-scenario.md': ['ts'],
};

test('there is no block of a kind that no test looks at', async () => {
  const kinds = Map.groupBy(
    (await blocks()).filter(({ kind }) => !['sh', 'text', ''].includes(kind)),
    ({ page }) => page,
  );
  const found = Object.fromEntries(
    [...kinds].map(([page, all]) => [page, [...new Set(all.map(({ kind }) => kind))].sort()]),
  );
  expect(found).toEqual(SHOWN);
});

/** Commands that are too long to be run whole, with what runs them a little. */
const HIDDEN: Readonly<Record<string, string>> = {
  'npx halfopen mutants --bug my-broken-server --reference my-server': 'docs/documents.e2e.test.ts',
  'node bench/judge-mutation.ts': 'docs/documents.e2e.test.ts',
  'node bench/false-alarms.ts --runs 1000': 'docs/documents.e2e.test.ts',
  'node bench/false-alarms.ts --runs 300 --busy': 'docs/documents.e2e.test.ts',
  'node bench/stability.ts --local 20 --docker 5': 'docs/documents.e2e.test.ts',
  'HALFOPEN_KILLS=50 npx vitest run --project docker harness/run/docker/random-kill.docker.test.ts':
    'harness/run/docker/random-kill.docker.test.ts',
};

test('a command hides in a block without a language only where it is too long to be run whole', async () => {
  const silent = (await blocks()).filter(({ kind }) => kind === '').flatMap(({ text }) => text.trim().split('\n'));
  const hidden = silent.filter(isCommand);
  expect(hidden.toSorted()).toEqual(Object.keys(HIDDEN).toSorted());
  for (const [command, file] of Object.entries(HIDDEN)) {
    const [variable = '', program = ''] = [/^[A-Z_]+(?==)/, /[\w/.-]+\.ts/].map((part) => part.exec(command)?.[0]);
    const source = await readFile(join(ROOT, file), 'utf8');
    expect(source, command).toContain(variable === '' ? '' : `env['${variable}']`);
    await expect(access(join(ROOT, program)), command).resolves.toBeUndefined();
  }
});

test('the configuration of images that plug-in-your-own.md shows is one', async () => {
  const folder = await inFolder('halfopen.config.ts', await only('plug-in-your-own.md', 'js'));
  const { subjects, matrix, defaults } = await readConfig(folder);
  expect(Object.keys(subjects)).toEqual(['mine', 'next']);
  expect(matrix.proxy).toEqual(['wire', 'toxiproxy']);
  expect(defaults).toMatchObject({ cell: 'docker', cells: 2 });
});

test('the scenario that write-a-scenario.md shows is one, and the one of the catalogue', async () => {
  const text = (await only('write-a-scenario.md', 'ts')).replaceAll("'../../", `'${pathToFileURL(ROOT).href}`);
  const shown = await scenarioIn(await inFolder('shown.ts', text), 'shown.ts');
  const real = 'scenarios/disconnect/a-message-cut-by-fin-is-truncated-not-delivered.ts';
  expect(defineScenario(shown as ScenarioInput)).toEqual(await scenarioIn(ROOT, real));
});

async function scenarioIn(folder: string, file: string): Promise<unknown> {
  const { scenario } = (await import(pathToFileURL(join(folder, file)).href)) as { scenario: unknown };
  return scenario;
}

test('the script that write-a-scenario.md shows is a fault of a scenario', async () => {
  const folder = await inFolder('part.ts', `export const part = {\n${await only('write-a-scenario.md', 'ts', 1)}};\n`);
  const { part } = (await import(pathToFileURL(join(folder, 'part.ts')).href)) as {
    part: Pick<ScenarioInput, 'faults'>;
  };
  const scenario = defineScenario({
    claim: 'A length that is too large is refused',
    source: { passage: 'HOWTO, Using a Socket', requires: 'a length must be believed only within bounds' },
    workload: 'echo',
    params: {},
    expect: [client.delivers(1)],
    ...part,
  });
  expect(scenario.faults).toMatchObject([{ kind: 'script', role: 'server' }]);
});

test('the stages that concepts.md shows leave the files it names', async () => {
  const [, diagram = ''] = /^```\n(scenario [\s\S]*?)^```$/m.exec(await readPage('concepts.md')) ?? [];
  const named = diagram.match(/\w+\.\w+/g) ?? [];
  expect(named).toEqual([
    ATTEMPT_FILES.plan,
    ATTEMPT_FILES.verdict,
    RUN_FILES.index,
    RUN_FILES.junit,
    RUN_FILES.summary,
  ]);
});

test('the workflow that in-ci.md shows does, step by step, what the workflow here does', async () => {
  const shown = YAML.parse(await only('in-ci.md', 'yaml')) as Workflow;
  const real = YAML.parse(await readFile(join(ROOT, '.github/workflows/resilience.yml'), 'utf8')) as Workflow;
  expect(shown.jobs['resilience']?.steps).toEqual(real.jobs['scenarios']?.steps);
  expect(shown.jobs['resilience']?.strategy).toEqual(real.jobs['scenarios']?.strategy);
  expect(shown.jobs['report']?.steps).toEqual(real.jobs['report']?.steps);
  expect(shown.jobs['report']?.steps.length).toBeGreaterThan(4);
});

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly unknown[]; readonly strategy?: unknown }>>;
}
