/**
 * `run.json` follows the run.
 */
import { mkdtemp, readFile, rm, watch } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import * as v from 'valibot';
import { expect, test } from 'vitest';

import { runSchema } from '../evidence/run.ts';
import type { Result } from '../evidence/run.ts';
import { RunFile } from './run-file.ts';

const result = (repetition: number): Result => ({
  scenario: 'framing/one',
  claim: 'One',
  cell: 'local',
  proxy: 'wire',
  server: 'node',
  client: 'node',
  variant: 'fault',
  repetition,
  waitsMs: 0,
  verdict: 'pass',
  reason: '',
  unknownReason: null,
  attempts: [],
  durationMs: 1,
  evidence: null,
});

test('a result that comes just after another is in the file without a third', async ({ signal }) => {
  const reports = await mkdtemp(join(tmpdir(), 'halfopen-run-file-'));
  const file = await RunFile.create(reports, { seed: '1', command: [], expected: 2 });
  const changes = watch(file.folder, { signal });
  await file.add(result(1));
  await file.add(result(2));
  const inFile = async (): Promise<number> =>
    v.parse(runSchema, JSON.parse(await readFile(join(file.folder, 'run.json'), 'utf8'))).results.length;
  for await (const _change of changes) if ((await inFile()) === 2) break;
  expect(await inFile()).toBe(2);
  await rm(reports, { recursive: true });
});

test('runs that begin together in one process have a folder each', async () => {
  const reports = await mkdtemp(join(tmpdir(), 'halfopen-run-file-'));
  const files = await Promise.all(
    [1, 2, 3].map(() => RunFile.create(reports, { seed: '1', command: [], expected: 1 })),
  );
  expect(new Set(files.map(({ folder }) => folder)).size).toBe(3);
  for (const { folder } of files) {
    expect(v.parse(runSchema, JSON.parse(await readFile(join(folder, 'run.json'), 'utf8'))).run).toBe(basename(folder));
  }
  await rm(reports, { recursive: true });
});
