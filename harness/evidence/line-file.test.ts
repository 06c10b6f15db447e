import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { LineFile } from './line-file.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-lines-'));
});

afterEach(() => rm(folder, { recursive: true }));

test('values are written in order, a line each, also those that come while others are written', async () => {
  const file = await LineFile.create(join(folder, 'a'));
  for (let index = 0; index < 500; index += 1) {
    file.append({ index });
    if (index % 50 === 0) await Promise.resolve();
  }
  await file.close();
  const lines = (await readFile(join(folder, 'a'), 'utf8')).trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { index: number }).index)).toEqual([...Array(500).keys()]);
});

test('what comes while the file closes, or later, is not kept and breaks nothing', async () => {
  const file = await LineFile.create(join(folder, 'a'));
  file.append(1);
  const closing = file.close();
  file.append(2);
  await closing;
  file.append(3);
  expect(await readFile(join(folder, 'a'), 'utf8')).toBe('1\n');
});

test.skipIf(process.platform !== 'linux')('a write that failed is told by close, not before', async () => {
  const file = await LineFile.create('/dev/full');
  file.append('x');
  await expect(file.close()).rejects.toThrow('ENOSPC');
});
