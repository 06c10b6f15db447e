/**
 * The six classic mistakes: each is caught by a scenario that says so, with a `fail`, and none with the fault off.
 *
 * `halfopen mutants` is the whole matrix, of every bug and every scenario; it takes minutes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { loadCatalogue } from '../harness/suite/catalogue.ts';
import { trialsOf } from '../harness/suite/kill-matrix.ts';
import { runMutants } from '../harness/suite/mutants.ts';
import { builtInSubjects, loadBugs } from '../harness/suite/subjects.ts';

const CLASSIC: ReadonlySet<string> = new Set([
  'one-recv-taken-for-one-message',
  'header-assumed-whole',
  'eof-inside-a-message-delivered',
  'no-deadline',
  'deadline-restarts-with-every-byte',
  'dead-peer-never-noticed',
]);

const LIMIT_MS = 300_000;

test('each of them is killed, and spared with the fault off', { timeout: LIMIT_MS }, async ({ signal }) => {
  const subjects = await builtInSubjects();
  const bugs = (await loadBugs()).filter(({ name }) => CLASSIC.has(name));
  expect(bugs).toHaveLength(CLASSIC.size);
  const reference = subjects.find(({ name }) => name === 'node');
  if (reference === undefined) throw new Error('the reference subject is missing');
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-mutants-'));
  try {
    const trials = trialsOf(await loadCatalogue(), bugs);
    const request = { trials, subjects, reference, quick: true, seed: 'ci', cells: 4, folder };
    const { survivors, broken } = await runMutants(request, () => {}, signal);
    expect({ survivors, broken }).toEqual({ survivors: [], broken: [] });
  } finally {
    await rm(folder, { recursive: true });
  }
});
