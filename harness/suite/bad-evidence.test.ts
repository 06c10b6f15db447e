/**
 * Evidence that is not what an attempt left: from the file to the verdict it is a named error, or unknown, never a pass.
 */
import { appendFile, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { ATTEMPT_FILES } from '../evidence/folder.ts';
import { readEvidence } from '../evidence/read-evidence.ts';
import { cleanExchange } from '../judge/history.ts';
import { judge } from '../judge/judge.ts';

let folder: string;
const at = (file: keyof typeof ATTEMPT_FILES): string => join(folder, ATTEMPT_FILES[file]);
const lines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-bad-evidence-'));
  const { plan, records, wire, receipts } = cleanExchange().evidence();
  await writeFile(at('plan'), JSON.stringify(plan));
  await writeFile(at('events'), lines(records));
  await writeFile(at('wire'), lines(wire));
  await writeFile(at('faults'), JSON.stringify(receipts));
});

afterEach(() => rm(folder, { recursive: true }));

const verdict = async () => judge(await readEvidence(folder));

async function change(file: 'events' | 'wire', how: (all: string[]) => string[]): Promise<void> {
  const all = (await readFile(at(file), 'utf8')).split('\n').filter(Boolean);
  await writeFile(at(file), `${how(all).join('\n')}\n`);
}

test('as it was left it passes, so that what follows is the damage’s doing', async () => {
  expect((await verdict()).verdict).toBe('pass');
});

test.each(['events', 'wire'] as const)('%s cut off in the middle of a line proves nothing', async (file) => {
  const text = await readFile(at(file), 'utf8');
  await writeFile(at(file), text.slice(0, -9));
  expect(await verdict()).toMatchObject({ verdict: 'unknown', unknownReason: 'evidence-incomplete' });
});

test.each(['events', 'wire'] as const)('%s that lack their end, between two lines, prove nothing', async (file) => {
  await change(file, (all) => all.slice(0, -1));
  expect(await verdict()).toMatchObject({ verdict: 'unknown', unknownReason: 'evidence-incomplete' });
});

test('a gigabyte behind the end is read in bounded memory and proves nothing', { timeout: 60_000 }, async () => {
  const file = await open(at('events'), 'r+');
  await file.truncate(2 ** 30);
  await file.close();
  const before = process.memoryUsage().rss;
  expect(await verdict()).toMatchObject({ verdict: 'unknown', unknownReason: 'evidence-incomplete' });
  expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024);
});

test('events out of order, and clocks that run backwards, never pass', async () => {
  await change('events', (all) => {
    const [first = '', ...rest] = all;
    const last = rest.pop() ?? '';
    return [first, ...rest.toReversed(), last];
  });
  expect(['fail', 'unknown']).toContain((await verdict()).verdict);
});

test('a sequence that cannot be, a message received that nobody sent, never passes', async () => {
  await change('events', (all) => all.filter((line) => !line.includes('"sending"')));
  expect(['fail', 'unknown']).toContain((await verdict()).verdict);
});

test('a record of another version proves nothing, a plan of another version is an error with its name', async () => {
  await appendFile(at('events'), '{"kind":"from-the-future","atMs":1}\n');
  expect(await verdict()).toMatchObject({ verdict: 'unknown', unknownReason: 'evidence-incomplete' });
  await writeFile(at('plan'), '{"schema":2}');
  await expect(readEvidence(folder)).rejects.toMatchObject({ name: 'EvidenceError', code: 'evidence-unreadable' });
});
