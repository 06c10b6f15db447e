/**
 * Every shell command of the pages that are about the command is run, in order, must end well, and print what the page shows.
 */
import { access, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { faultSchema } from '../harness/scenario/fault.ts';
import { ROOT, shell } from './shell.ts';
import { blocksOf, isCommand, pageNames, readPage, words } from './shown.ts';

/** Pages whose commands are run one by one, in this test. */
const RUN_HERE = ['can-it-be-trusted.md', 'concepts.md', 'design.md', 'faults.md', 'in-ci.md', 'write-a-scenario.md'];
/** Pages that have a test of their own. */
const RUN_ELSEWHERE = ['compose-by-hand.md', 'in-docker.md', 'plain-subjects.md', 'plug-in-your-own.md'];

test('every page with a command has its commands run', async () => {
  const pages = await pageNames();
  const withCommands = await Promise.all(
    pages.map(async (name) => (/^```sh$/m.test(await readPage(name)) ? [name] : [])),
  );
  expect(withCommands.flat().sort()).toEqual([...RUN_HERE, ...RUN_ELSEWHERE].sort());
});

test('every link of every page leads to a file', async () => {
  const pages = await pageNames();
  for (const name of pages) {
    const links = [...(await readPage(name)).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target);
    for (const target of links)
      await expect(access(join(ROOT, 'docs', target)), `${name}: ${target}`).resolves.toBeUndefined();
  }
});

test('faults.md has a row for each kind of fault, and for no other', async () => {
  const [, table = ''] = /^## What each one is$([\s\S]*?)^## /m.exec(await readPage('faults.md')) ?? [];
  const rows = [...table.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, kind = '']) => kind);
  const [plain, ...others] = faultSchema.options;
  const kinds = [...plain.options, ...others].map(({ entries }) => entries.kind.literal);
  expect(rows.sort()).toEqual([...kinds].sort());
});

test('design.md names the folders that there are', async () => {
  const [, table = ''] = /^## The folders are the architecture$([\s\S]*?)^## /m.exec(await readPage('design.md')) ?? [];
  const named = [...table.matchAll(/^\| `([\w/]+)\/`/gm)].map(([, path = '']) => path);
  for (const path of named) await expect(access(join(ROOT, path)), path).resolves.toBeUndefined();
  const entries = await readdir(join(ROOT, 'harness'), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => `harness/${entry.name}`);
  expect(named).toEqual(expect.arrayContaining(folders));
});

describe.each(RUN_HERE)('%s', (name) => {
  test('its commands end well, in their order, and print what the page shows behind them', async () => {
    const blocks = blocksOf(await readPage(name));
    let ran = 0;
    for (const [place, { kind, text }] of blocks.entries()) {
      if (kind !== 'sh') continue;
      let output = '';
      for (const command of text.trim().split('\n')) {
        const { status, output: printed } = await shell(command);
        expect({ command, status, printed }).toMatchObject({ status: 0 });
        output = printed;
        ran += 1;
      }
      const behind = blocks[place + 1];
      if (behind?.kind !== '' || isCommand(behind.text)) continue;
      for (const part of behind.text.split(/^…$/m)) expect(words(output)).toContain(words(part));
    }
    expect(ran).toBeGreaterThan(0);
  });
});

describe('what can-it-be-trusted.md shows and takes too long to be run whole', () => {
  const hidden = async (pattern: RegExp): Promise<string> =>
    pattern.exec(await readPage('can-it-be-trusted.md'))?.[0] ?? '';

  test('breaks the judge and has its tests notice, here in one place', async () => {
    const command = await hidden(/^node bench\/judge-mutation\.ts$/m);
    const { output, status } = await shell(`${command} 'seen left out'`);
    expect({ output, status }).toEqual({
      output: 'caught    seen left out\n1 of 1 mutants of the judge caught by its tests\n',
      status: 0,
    });
  });

  test('counts false alarms, here of a few runs', async () => {
    const command = await hidden(/^node bench\/false-alarms\.ts --runs 1000$/m);
    const { output, status } = await shell(command.replace('1000', '3'));
    expect(output).toMatch(/^3 runs, nothing beside them$/m);
    // With so few runs one that proves nothing is already too many: 1 says that it was counted.
    expect([0, 1]).toContain(status);
  });

  test('compares whole runs, here two of one scenario', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'halfopen-stability-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const command = await hidden(/^node bench\/stability\.ts --local 20 --docker 5$/m);
    const few = command.replace('20', '2').replace('5', '0');
    const { output, status } = await shell(`${few} --report ${folder} a-refused-connection-is`);
    const [, differ] = /^([01]) of 1 cases differ {3}asked: 0$/m.exec(output) ?? [];
    expect(output).toMatch(/^local: 2 runs of 1 cases, /m);
    expect(status).toBe(Number(differ));
    expect(await readdir(folder)).toHaveLength(3);
  });

  test('tries a broken program of one’s own, here in one scenario', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'halfopen-own-bug-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const subject = (name: string): string => JSON.stringify(['node', join(ROOT, 'services', name)]);
    await writeFile(
      join(folder, 'halfopen.config.ts'),
      `export default { subjects: { 'my-server': { command: ${subject('node/main.ts')} }, 'my-broken-server': { command: ${subject('broken/eof-inside-a-message-delivered.ts')} } } };`,
    );
    const command = await hidden(/^npx halfopen mutants --bug my-broken-server .*$/m);
    const { output } = await shell(`cd ${folder} && ${command} a-message-cut-by-fin-is-truncated`);
    expect(output).toMatch(/^✓ killed {2}my-broken-server {2}disconnect\/a-message-cut-by-fin/m);
  });
});
