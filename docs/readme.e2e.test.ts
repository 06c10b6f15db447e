/**
 * Every command of the README is run, and does what the README shows.
 */
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { chooseJobs } from '../harness/cli/choose-jobs.ts';
import { ROOT, shell } from './shell.ts';
import { blocksOf, words } from './shown.ts';

const readme = await readFile(join(ROOT, 'README.md'), 'utf8');

const blocks = blocksOf(readme).map(({ kind, text }) => ({ kind, text: text.trim() }));
const commands = blocks.filter(({ kind }) => kind === 'sh').map(({ text }) => text);

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-readme-'));
});

afterAll(() => rm(folder, { recursive: true }));

const count = (text: string): number => commands.filter((command) => command === text).length;

test('the two commands of the opening are scripts of the manifest', async () => {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(count('npm ci && npm start')).toBe(1);
  expect(count('npm ci && npm test')).toBe(1);
  expect(scripts).toMatchObject({ start: 'node harness/cli/halfopen.js run --basic', test: 'vitest run' });
});

test('a run looks as it shows', async () => {
  const shown = blocks.find(({ text }) => text.startsWith('halfopen  '))?.text.split('\n') ?? [];
  const scenarios = 'a-refused-connection-is-reported a-frozen-server-is-noticed a-message-cut-by-fin-is-truncated';
  const seed = / seed (\w+)$/.exec(shown[0] ?? '')?.[1];
  const { status, output } = await shell(
    `npx halfopen run --basic ${scenarios} --cells 4 --seed ${seed} --report ${folder}/first`,
    ROOT,
  );
  expect(status).toBe(0);
  const told = output.split('\n').map(words);
  const lines = shown.filter((line) => line !== '…' && !line.startsWith('report: '));
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) expect(told, line).toContain(words(line));
});

test('the run that it shows has as many cases as `npm start` runs', async () => {
  const shown = blocks.find(({ text }) => text.startsWith('halfopen  '))?.text ?? '';
  const jobs = await chooseJobs(
    { flags: { basic: true }, filters: [], seed: 's', failed: null },
    { subjects: {}, matrix: {}, defaults: {} },
  );
  const scenarios = new Set(jobs.map(({ entry }) => entry.id));
  const pairs = new Set(jobs.map(({ plan }) => `${plan.client}→${plan.server}`));
  const counts = `${jobs.length} cases of ${scenarios.size} scenarios and ${pairs.size} pairs`;
  expect(shown).toMatch(new RegExp(`^halfopen {2}${counts}, in 4 cells `));
  expect(shown).toMatch(new RegExp(`^${jobs.length} ✓ pass {2}in `, 'm'));
});

test('the failure it shows is the failure that comes', async () => {
  const command = commands.find((each) => each.includes('eof-inside-a-message-delivered'));
  const shown = blocks.find(({ text }) => text.startsWith('✗ fail'))?.text.split('\n') ?? [];
  const { status, output } = await shell(`${command} --report ${folder}/failure`, ROOT);
  expect(status).toBe(1);
  const told = output.split('\n').map(words);
  for (const line of shown)
    expect(
      told.some((each) => each.startsWith(words(line).replace(/ ?…$/, ''))),
      line,
    ).toBe(true);
});

describe("a program of one's own", () => {
  test('is checked', async () => {
    const command = commands.find((each) => each.includes('halfopen check'));
    const { status, output } = await shell(command ?? 'false', ROOT);
    expect(output).toContain('kept');
    expect(status).toBe(0);
  });

  test('is named in a configuration and run', async () => {
    const config = blocks.find(({ kind }) => kind === 'ts')?.text ?? '';
    await writeFile(join(folder, 'halfopen.config.ts'), config);
    await copyFile(join(ROOT, 'docs/examples/subject.py'), join(folder, 'my_subject.py'));
    const command = commands.find((each) => each.includes('--server mine'));
    // The rest of the catalogue takes a minute or two, and is judged by times that other tests beside this one would stretch.
    const { status, output } = await shell(`${command} --basic`, folder);
    expect(output).toContain('✓ pass');
    expect(output).toContain('node→mine');
    expect(status).toBe(0);
  });
});

test('two programs that know of nothing are run, and pass', async () => {
  const command = commands
    .find((each) => each.includes('--plain-client'))
    ?.replace('npx halfopen run', 'npx halfopen run pieces cut-by-rst');
  const { status, output } = await shell(`${command} --report ${folder}/plain`, ROOT);
  expect(output).toContain('✓ pass  plain/bytes-in-small-pieces-come-to-the-same');
  expect(output).toContain('2 ✓ pass');
  expect(status).toBe(0);
});

test('every command has its test', () => {
  const tested = [
    'npm ci && npm start',
    'npm ci && npm test',
    'eof-inside-a-message-delivered',
    'halfopen check',
    '--server mine',
    '--plain-client',
  ];
  expect(commands.filter((command) => !tested.some((each) => command.includes(each)))).toEqual([]);
});

test('every link leads to a file', async () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target);
  expect(links.length).toBeGreaterThan(3);
  for (const target of links) await expect(readFile(join(ROOT, target)), target).resolves.toBeDefined();
});
