/**
 * Every shell command of the pages that are about the command is run, in order, and must end well.
 */
import { execFile } from 'node:child_process';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { faultSchema } from '../harness/scenario/fault.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const page = (name: string): Promise<string> => readFile(join(ROOT, 'docs', name), 'utf8');

function run(command: string): Promise<{ status: number | string | null; output: string }> {
  const env = { ...process.env, PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}` };
  const own = command.replace('npx halfopen', `node ${ROOT}harness/cli/halfopen.js`);
  return new Promise((resolve) => {
    execFile('sh', ['-c', own], { cwd: ROOT, env }, (error, out, err) =>
      resolve({ status: error === null ? 0 : (error.code ?? null), output: out + err }),
    );
  });
}

/** Pages whose commands are run one by one, in this test. */
const RUN_HERE = ['can-it-be-trusted.md', 'concepts.md', 'design.md', 'faults.md', 'in-ci.md', 'write-a-scenario.md'];
/** Pages that have a test of their own. */
const RUN_ELSEWHERE = ['compose-by-hand.md', 'in-docker.md', 'plain-subjects.md', 'plug-in-your-own.md'];

test('every page with a command has its commands run', async () => {
  const pages = (await readdir(join(ROOT, 'docs'))).filter((name) => name.endsWith('.md'));
  const withCommands = await Promise.all(pages.map(async (name) => (/^```sh$/m.test(await page(name)) ? [name] : [])));
  expect(withCommands.flat().sort()).toEqual([...RUN_HERE, ...RUN_ELSEWHERE].sort());
});

test('every link of every page leads to a file', async () => {
  const pages = (await readdir(join(ROOT, 'docs'))).filter((name) => name.endsWith('.md'));
  for (const name of pages) {
    const links = [...(await page(name)).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target);
    for (const target of links)
      await expect(access(join(ROOT, 'docs', target)), `${name}: ${target}`).resolves.toBeUndefined();
  }
});

test('faults.md has a row for each kind of fault, and for no other', async () => {
  const [, table = ''] = /^## What each one is$([\s\S]*?)^## /m.exec(await page('faults.md')) ?? [];
  const rows = [...table.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, kind = '']) => kind);
  const [plain, ...others] = faultSchema.options;
  const kinds = [...plain.options, ...others].map(({ entries }) => entries.kind.literal);
  expect(rows.sort()).toEqual([...kinds].sort());
});

test('design.md names the folders that there are', async () => {
  const [, table = ''] = /^## The folders are the architecture$([\s\S]*?)^## /m.exec(await page('design.md')) ?? [];
  const named = [...table.matchAll(/^\| `([\w/]+)\/`/gm)].map(([, path = '']) => path);
  for (const path of named) await expect(access(join(ROOT, path)), path).resolves.toBeUndefined();
  const entries = await readdir(join(ROOT, 'harness'), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => `harness/${entry.name}`);
  expect(named).toEqual(expect.arrayContaining(folders));
});

describe.each(RUN_HERE)('%s', (name) => {
  test('its commands end well, in their order', async () => {
    const blocks = [...(await page(name)).matchAll(/^```sh\n([\s\S]*?)^```$/gm)];
    const commands = blocks.flatMap(([, text = '']) => text.trim().split('\n'));
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) expect(await run(command)).toMatchObject({ status: 0 });
  });
});

test('the scenario that write-a-scenario.md shows is one of the catalogue, to the letter of its data', async () => {
  const [, shown = ''] = /^```ts\n([\s\S]*?)^```$/m.exec(await page('write-a-scenario.md')) ?? [];
  const file = join(ROOT, 'scenarios/disconnect/a-message-cut-by-fin-is-truncated-not-delivered.ts');
  const real = await readFile(file, 'utf8');
  for (const line of shown.split('\n').filter((each) => /faults|claim|delivers|workload|params|kills/.test(each))) {
    expect(real).toContain(line.trim());
  }
});

test('the workflow of in-ci.md runs the commands of the workflow that is here', async () => {
  const commands = (text: string): string[] => [...text.matchAll(/run: (.*)/g)].map(([, command = '']) => command);
  const [, shown = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(await page('in-ci.md')) ?? [];
  const real = await readFile(join(ROOT, '.github/workflows/resilience.yml'), 'utf8');
  expect(commands(shown).length).toBeGreaterThan(2);
  expect(commands(real)).toEqual(expect.arrayContaining(commands(shown)));
});
