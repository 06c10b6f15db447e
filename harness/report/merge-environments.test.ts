import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { describe, expect, onTestFinished, test } from 'vitest';

import { OTHER_SHARD } from '../evidence/run.ts';
import { demandOneProduct, mergedEnvironment } from './merge-environments.ts';
import { mergeReports } from './merge-reports.ts';
import { mergeRuns } from './merge.ts';
import { renderIndex } from './render.ts';
import { sampleAttempt } from './sample/attempt.ts';
import { sampleRun, writeSampleRun } from './sample/run.ts';

const attempt = (scenario: string) => sampleAttempt({ scenario, claim: 'all is well' });
const elsewhere = (scenario: string) => ({
  ...attempt(scenario).result,
  verdict: 'not-run' as const,
  reason: OTHER_SHARD,
  attempts: [],
  evidence: null,
});
const shards = [1, 2, 3].map((number) =>
  sampleRun(
    ['a/1', 'a/2', 'a/3'].map((name) => (name === `a/${number}` ? attempt(name).result : elsewhere(name))),
    { run: `shard-${number}`, shard: { number, of: 3 } },
  ),
);

describe('where the parts of a merged run took place', () => {
  const placed = [
    { run: shards[0], environment: { node: 'v24', cores: 2, host: 'a' } },
    { run: shards[1], environment: { node: 'v24', cores: 8 } },
    { run: shards[2], environment: null },
  ].flatMap(({ run, environment }) => (run === undefined ? [] : [{ run, environment }]));
  const merged = mergeRuns(placed.map(({ run }) => run));
  const environment = mergedEnvironment(merged, placed);

  test('is told of each, what they have in common once', () => {
    expect(environment).toEqual({
      node: 'v24',
      parts: [
        { run: 'shard-1', differs: { cores: 2, host: 'a' } },
        { run: 'shard-2', differs: { cores: 8 } },
        { run: 'shard-3', differs: null },
      ],
    });
  });

  test('is the same in any order, and when some were put together before', () => {
    expect(mergedEnvironment(merged, placed.toReversed())).toEqual(environment);
    const two = placed.slice(0, 2);
    const first = mergeRuns(two.map(({ run }) => run));
    const before = { run: first, environment: mergedEnvironment(first, two) };
    expect(mergedEnvironment(merged, [...placed.slice(2), before])).toEqual(environment);
  });

  test('is on the page, a row for each part with its status and its time, and no command of all', async () => {
    const record = { run: merged, ended: true, environment, mutants: null, problems: [] };
    const page = await text(renderIndex(record, async () => '', { css: '', script: '' }));
    const told = page.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
    expect(told).toContain('shard-2 2 of 3 0 2026-11-22T12:00:00.000Z');
    expect(told).toContain('cores 8');
    expect(told).toContain('not known');
    expect(page).not.toContain('<dt>Command</dt>');
    expect(page.match(/<dt>node<\/dt>/g)).toHaveLength(1);
  });
});

test('folders merged in another order come to the same files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-order-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [one, two] = [attempt('a/one'), attempt('a/two')];
  await writeSampleRun(join(folder, '1'), sampleRun([one.result, elsewhere('a/two')], { run: '1' }), [one]);
  await writeSampleRun(join(folder, '2'), sampleRun([elsewhere('a/one'), two.result], { run: '2' }), [two]);
  await writeFile(join(folder, '1', 'environment.json'), '{"cores":2}');
  await writeFile(join(folder, '2', 'environment.json'), '{"cores":8}');
  const merged = async (...names: string[]): Promise<string[]> => {
    await mergeReports(
      names.map((name) => join(folder, name)),
      join(folder, 'all'),
    );
    return Promise.all(
      ['run.json', 'environment.json', 'index.html', 'junit.xml'].map((name) =>
        readFile(join(folder, 'all', name), 'utf8'),
      ),
    );
  };
  expect(await merged('2', '1')).toEqual(await merged('1', '2'));
});

describe('runs of another Halfopen', () => {
  const of = (name: string, environment: unknown) => ({ run: sampleRun([], { run: name }), environment });
  const one = of('one', { halfopen: '1.0.0', commit: 'abc' });

  test.each([
    ['version', { halfopen: '1.1.0', commit: 'abc' }, "one is of Halfopen's version 1.0.0 and two of 1.1.0"],
    ['commit', { halfopen: '1.0.0', commit: 'def' }, "one is of Halfopen's commit abc and two of def"],
  ])('are not put together where the %s differs', (word, environment, message) => {
    const sources = [one, of('two', environment)];
    expect(() => demandOneProduct(sources)).toThrow(`${message}: merge runs of one ${word}`);
  });

  test('are found in what was put together before', () => {
    const before = mergeRuns([one.run, sampleRun([], { run: 'old' })]);
    const environment = mergedEnvironment(before, [one, of('old', { halfopen: '0.9.0' })]);
    expect(() => demandOneProduct([{ run: before, environment }])).toThrow(
      "old is of Halfopen's version 0.9.0 and one of 1.0.0",
    );
  });

  test('are not suspected where nothing is known of one', () => {
    expect(() => demandOneProduct([one, of('two', null), of('three', { halfopen: '1.0.0' })])).not.toThrow();
  });
});

test('folders of different versions are not merged', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-versions-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of ['1', '2']) {
    await writeSampleRun(join(folder, name), sampleRun([], { run: name }), []);
    await writeFile(join(folder, name, 'environment.json'), JSON.stringify({ halfopen: `1.${name}.0` }));
  }
  const both = [join(folder, '1'), join(folder, '2')];
  await expect(mergeReports(both, join(folder, 'all'))).rejects.toThrow('merge runs of one version');
});
