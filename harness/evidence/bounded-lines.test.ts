import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { boundedLines } from './bounded-lines.ts';
import type { Line } from './bounded-lines.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-lines-'));
  path = join(folder, 'events.jsonl');
});

afterEach(() => rm(folder, { recursive: true }));

async function lines(): Promise<Line[]> {
  const all: Line[] = [];
  for await (const some of boundedLines(path)) all.push(...some);
  return all;
}

test('lines come in order, the last one with or without its end', async () => {
  await writeFile(path, 'one\n\nthree\nlast');
  expect(await lines()).toEqual([
    { number: 1, text: 'one' },
    { number: 2, text: '' },
    { number: 3, text: 'three' },
    { number: 4, text: 'last' },
  ]);
});

test('lines and characters that lie across two reads are whole', async () => {
  const long = 'é'.repeat(20_000);
  await writeFile(path, Array.from({ length: 10 }, () => long).join('\n'));
  const texts = (await lines()).map((line) => ('text' in line ? line.text : line.left));
  expect(texts).toEqual(Array.from({ length: 10 }, () => long));
});

test('a line without end is left out, and those after it are read', async () => {
  await writeFile(path, `one\n${'x'.repeat(1_000_000)}\nthree\n`);
  expect(await lines()).toEqual([
    { number: 1, text: 'one' },
    { number: 2, left: expect.stringContaining('1000000 bytes') },
    { number: 3, text: 'three' },
  ]);
});

test('too many lines are left out, and that is said', async () => {
  await writeFile(path, '1\n'.repeat(500_010));
  const last = (await lines()).at(-1);
  expect(last).toEqual({ number: 500_001, left: expect.stringContaining('more than 500000 lines') });
});

test('a gigabyte of nothing is not held in memory', { timeout: 60_000 }, async () => {
  const file = await open(path, 'w');
  await file.truncate(2 ** 30);
  await file.close();
  const before = process.memoryUsage().rss;
  expect(await lines()).toEqual([
    { number: 1, left: expect.stringContaining('268435456 bytes') },
    { number: 1, left: expect.stringContaining('the rest is left out') },
  ]);
  expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 * 1024);
});

test('a file that is not there throws', async () => {
  await expect(lines()).rejects.toThrow('ENOENT');
});
