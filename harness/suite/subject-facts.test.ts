import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { readConfig } from './config.ts';
import { makeJobs } from './job.ts';
import { loadCatalogue } from './catalogue.ts';
import { subjectsOf } from './subjects.ts';
import { programsOf, subjectFacts } from './subject-facts.ts';

test('a program of the user’s is told by its command and by the files that it names', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-facts-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'mine.py'), 'print(1)');
  const command = ['sh', '-c', 'python3 mine.py --port 1'];
  const { subjects } = await subjectFacts([{ name: 'mine', command, isOwn: true }], folder);
  const digest = createHash('sha256').update('print(1)').digest('hex');
  expect(subjects?.['mine']?.command).toBe('sh -c python3 mine.py --port 1');
  expect(subjects?.['mine']?.files).toContain(`mine.py sha256:${digest}`);
  expect(subjects?.['mine']?.files[0]).toMatch(/^sh (?:sha256:[0-9a-f]{64}|\d+ bytes)$/);
});

test('of a runtime its version is told where it was used, and nothing where it was not or is not there', async () => {
  const python = { name: 'python', command: ['python3', 'main.py'], runtime: 'python3', isOwn: false };
  expect((await subjectFacts([python])).python).toMatch(/^3\.\d+/);
  expect(await subjectFacts([{ ...python, command: ['/nowhere/python3'] }])).toEqual({});
  expect(await subjectFacts([{ name: 'node', command: [process.execPath], isOwn: false }])).toEqual({});
});

test('what is not started here is not asked about', async () => {
  const known = await subjectsOf(await readConfig('/nonexistent'));
  const pair = known.filter(({ name }) => name === 'node' || name === 'python');
  const [entry] = await loadCatalogue();
  const jobs = (cell: 'local' | 'docker', missing: string[]) =>
    makeJobs({
      entries: entry === undefined ? [] : [entry],
      servers: pair,
      clients: pair,
      seed: '0',
      cell,
      proxy: 'wire',
      repeat: 1,
      missing: new Map(missing.map((name) => [name, 'it is not there'])),
      variant: 'control',
    });
  const names = (...args: Parameters<typeof jobs>): string[] => programsOf(jobs(...args)).map(({ name }) => name);
  expect(names('local', []).toSorted()).toEqual(['node', 'python']);
  expect(names('local', ['python'])).toEqual(['node']);
  expect(names('docker', [])).toEqual([]);
});
