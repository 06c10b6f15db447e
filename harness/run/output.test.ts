import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { keepLog } from './output.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-log-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function logOf(chunks: readonly string[]): Promise<string> {
  const path = join(folder, 'subject.log');
  const stderr = new PassThrough();
  const kept = keepLog(stderr, path);
  for (const chunk of chunks) stderr.write(chunk);
  stderr.end();
  await kept;
  return readFile(path, 'latin1');
}

test('a log is kept as it is', async () => {
  expect(await logOf(['one\n', 'two\n'])).toBe('one\ntwo\n');
});

test('of a log without bounds the beginning and the end are kept, and how much is missing between them', async () => {
  const middle = Array.from({ length: 200 }, () => 'x'.repeat(10_000));
  const log = await logOf(['the beginning\n', ...middle, '\nthe end']);
  expect(log.startsWith('the beginning\n')).toBe(true);
  expect(log.endsWith('\nthe end')).toBe(true);
  const [, left = '0'] = /\n\[… (\d+) bytes left out …\]\n/.exec(Buffer.from(log, 'latin1').toString()) ?? [];
  expect(Number(left)).toBe('the beginning\n'.length + 2_000_000 + '\nthe end'.length - 2 * 256 * 1024);
  expect(log.length).toBeLessThan(2 * 256 * 1024 + 100);
});
