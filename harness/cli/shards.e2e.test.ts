/**
 * A run on several machines, as the command makes it: the shards, one of them without work, and what they are together.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, test } from 'vitest';

const COMMAND = fileURLToPath(new URL('halfopen.js', import.meta.url));
const ID = 'connect/a-refused-connection-is-reported-as-refused';

let folder: string;
const shards: { readonly status: number; readonly out: string }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-shards-'));
  const pair = ['--server', 'node', '--client', 'node', '--seed', 's'];
  for (const number of [1, 2]) {
    shards.push(await halfopen('run', ID, ...pair, '--shard', `${number}/2`, '--report', String(number)));
  }
});

afterAll(() => rm(folder, { recursive: true }));

function halfopen(...args: string[]): Promise<{ status: number; out: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [COMMAND, ...args], { cwd: folder }, (_error, out, err) =>
      resolve({ status: child.exitCode ?? -1, out: out + err }),
    );
  });
}

test('a shard without work ends with 0, and says that it had none', () => {
  const said = (words: string) =>
    shards.filter(({ out }) => new RegExp(`^${words} in shard [12] of 2$`, 'm').test(out));
  expect(said('Every claim held')).toHaveLength(1);
  expect(said('Nothing to run')).toHaveLength(1);
  expect(shards.map(({ status }) => status)).toEqual([0, 0]);
});

test('a shard that is missing is named first of all, and put in later makes the run whole', async () => {
  const idle = shards.findIndex(({ out }) => out.includes('Nothing to run')) + 1;
  const busy = 3 - idle;
  const lacking = await halfopen('report', 'merge', `${idle}/latest`);
  expect(lacking.out).toMatch(new RegExp(`^Incomplete: shard ${busy} of 2 is missing; 0 of 1 case passed\n`));
  expect(lacking.status).toBe(3);
  const whole = await halfopen('report', 'merge', 'reports/merged', `${busy}/latest`);
  expect(whole).toMatchObject({ status: 0, out: expect.stringMatching(/^Every claim held\n/) as string });
  expect(await readFile(join(folder, 'reports/merged/summary.md'), 'utf8')).toContain('1 case: 1 pass');
});

test('a shard is not merged into', async () => {
  const refused = await halfopen('report', 'merge', '--into', '1/latest', '2/latest');
  expect(refused.status).toBe(2);
  expect(refused.out).toBe(
    'halfopen: 1/latest is not empty and holds no merged run: name another folder with --into\n',
  );
});

const unwritable = 'told in one sentence with its remedy, and is no failure of the harness';

test.skipIf(process.platform !== 'linux')(`a place that nothing can be written to is ${unwritable}`, async () => {
  const refused = await halfopen('report', 'merge', '--into', '/proc/nowhere/merged', '1/latest', '2/latest');
  expect(refused.status).toBe(3);
  expect(refused.out).toMatch(
    /^halfopen: \/proc\/nowhere\/merged cannot be written: ENOENT: .*; name another folder with --into\n$/,
  );
});

test(`a folder that stands where a document belongs is ${unwritable}`, async () => {
  await rm(join(folder, '1/latest/junit.xml'));
  await mkdir(join(folder, '1/latest/junit.xml'));
  const refused = await halfopen('report', '1/latest');
  expect(refused.status).toBe(3);
  expect(refused.out).toMatch(
    /^halfopen: 1\/latest\/junit\.xml cannot be written: EISDIR: .*; see that .* no folder has this name\n$/,
  );
});
