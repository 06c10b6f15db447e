/**
 * Every code block of every page that is not a command to run: each is held against what it shows.
 *
 * Commands, and the output that pages show of them, are run in the tests of those pages; so are the shell lines of what
 * in-ci.md shows of CI servers' files.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';
import { YAML } from 'zx';

import { ATTEMPT_FILES, RUN_FILES } from '../harness/evidence/folder.ts';
import { client } from '../harness/scenario/expectation.ts';
import { defineScenario } from '../harness/scenario/scenario.ts';
import type { ScenarioInput } from '../harness/scenario/scenario.ts';
import { readConfig } from '../harness/suite/config.ts';

const DOCS = fileURLToPath(new URL('.', import.meta.url));

interface Block {
  readonly page: string;
  readonly kind: string;
  readonly text: string;
}

async function blocks(): Promise<Block[]> {
  const pages = (await readdir(DOCS)).filter((name) => name.endsWith('.md')).sort();
  const all = await Promise.all(
    pages.map(async (page) =>
      [...(await readFile(join(DOCS, page), 'utf8')).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(
        ([, kind = '', text = '']) => ({ page, kind, text }),
      ),
    ),
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

/** Kinds of blocks, beside commands and their output, by page; each has its test below or in the page's own. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
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

test('a command hides in a block without a language only where it is too long to be run whole', async () => {
  const hidden = (await blocks()).filter(({ kind, text }) => kind === '' && /^(npx|npm|node) /m.test(text));
  expect([...new Set(hidden.map(({ page }) => page))]).toEqual(['can-it-be-trusted.md']);
});

test('the configuration of images that plug-in-your-own.md shows is one', async () => {
  const folder = await inFolder('halfopen.config.ts', await only('plug-in-your-own.md', 'js'));
  const { subjects, matrix, defaults } = await readConfig(folder);
  expect(Object.keys(subjects)).toEqual(['mine', 'next']);
  expect(matrix.proxy).toEqual(['wire', 'toxiproxy']);
  expect(defaults).toMatchObject({ cell: 'docker', cells: 2 });
});

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
  const [, diagram = ''] =
    /^```\n(scenario [\s\S]*?)^```$/m.exec(await readFile(join(DOCS, 'concepts.md'), 'utf8')) ?? [];
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
  const real = YAML.parse(await readFile(join(DOCS, '../.github/workflows/resilience.yml'), 'utf8')) as Workflow;
  expect(shown.jobs['resilience']?.steps).toEqual(real.jobs['scenarios']?.steps);
  expect(shown.jobs['resilience']?.strategy).toEqual(real.jobs['scenarios']?.strategy);
  expect(shown.jobs['report']?.steps).toEqual(real.jobs['report']?.steps);
  expect(shown.jobs['report']?.steps.length).toBeGreaterThan(4);
});

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly unknown[]; readonly strategy?: unknown }>>;
}
