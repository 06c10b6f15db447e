/**
 * What the catalogue promises about seeded bugs, before anything runs.
 */
import { access } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { loadBugs } from '../harness/suite/bugs.ts';
import { loadCatalogue } from '../harness/suite/catalogue.ts';
import { gaps } from '../harness/suite/kill-matrix.ts';
import { builtInSubjects } from '../harness/suite/subjects.ts';

const catalogue = await loadCatalogue();
const bugs = await loadBugs();

test('every scenario but the controls kills a bug that exists, and every bug is killed by one', () => {
  expect(gaps(catalogue, bugs)).toEqual([]);
});

test('there are bugs enough, in two languages, each with the program that has it', async () => {
  const python = bugs.filter(({ language }) => language === 'python').length;
  expect(python).toBeGreaterThanOrEqual(10);
  expect(bugs.length - python).toBeGreaterThanOrEqual(28);
  expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length);
  const programs = (await builtInSubjects()).filter(({ origin }) => origin === 'broken');
  for (const { command } of programs) await expect(access(command.at(-1) ?? '')).resolves.toBeUndefined();
});
