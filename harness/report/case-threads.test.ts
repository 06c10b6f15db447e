import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { CaseThreads, threadsFor } from './case-threads.ts';
import { casesOf } from './cases.ts';
import { readAttempt } from './read-run-folder.ts';
import { renderCase } from './render.ts';
import { sampleAttempt } from './sample/attempt.ts';
import { sampleRun, writeSampleRun } from './sample/run.ts';

let runFolder: string;

beforeEach(async () => {
  runFolder = await mkdtemp(join(tmpdir(), 'halfopen-threads-'));
});

afterEach(() => rm(runFolder, { recursive: true }));

const attempts = ['a', 'b', 'c'].map((client) =>
  sampleAttempt({
    scenario: 'dead-peer/silent',
    claim: 'it is noticed',
    client,
    fault: { kind: 'swallow' },
    echoes: 4,
    failure: { code: 'timeout', afterMs: 1003 },
  }),
);
const run = sampleRun(attempts.map(({ result }) => result));

test('threads render each case as it is rendered without them', async () => {
  await writeSampleRun(runFolder, run, attempts);
  const cases = casesOf(run);
  const here = await Promise.all(
    cases.map((each) => renderCase(each, run.seed, (path) => readAttempt(runFolder, path))),
  );
  await using threads = new CaseThreads({ runFolder, seed: run.seed }, 2);
  expect(await Promise.all(cases.map((each) => threads.render(each)))).toEqual(here);
  expect(here[2]?.page).toContain('Byte by byte');
  expect(here[2]?.faults).toEqual(['swallow']);
});

test('a case that cannot be rendered fails alone', async () => {
  await writeSampleRun(runFolder, run, attempts);
  const [first] = casesOf(run);
  if (first === undefined) throw new Error('no case');
  await using threads = new CaseThreads({ runFolder, seed: run.seed }, 1);
  // Stands for a mistake in rendering: no case lacks its results.
  const broken = threads.render({ ...first, results: null } as never);
  await expect(broken).rejects.toThrow(TypeError);
  expect((await threads.render(first)).page).toContain('it is noticed');
});

test('a short run needs no threads', () => {
  expect(threadsFor(10)).toBe(0);
});
