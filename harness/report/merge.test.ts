import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';

import type { VerdictWord } from '../evidence/verdict.ts';
import { diffLines, diffRuns } from './diff.ts';
import { NOT_REACHED, OTHER_SHARD } from '../evidence/run.ts';
import { mergeRuns } from './merge.ts';
import { diffReports, mergeReports } from './merge-reports.ts';
import { sampleAttempt } from './sample/attempt.ts';
import { sampleRun, writeSampleRun } from './sample/run.ts';
import { writeReport } from './write-report.ts';

const attempt = (scenario: string, verdict: VerdictWord = 'pass') =>
  sampleAttempt({ scenario, claim: 'all is well', verdict });
const result = (scenario: string, verdict: VerdictWord = 'pass') => attempt(scenario, verdict).result;
const elsewhere = (scenario: string) => ({
  ...result(scenario, 'not-run'),
  reason: OTHER_SHARD,
  attempts: [],
  evidence: null,
});

const shard = (number: number) => ({ number, of: 3 });
const shards = [
  sampleRun([result('a/one'), elsewhere('a/two'), elsewhere('a/three')], { run: 'shard-1', shard: shard(1) }),
  sampleRun([elsewhere('a/one'), result('a/two', 'fail'), elsewhere('a/three')], { run: 'shard-2', shard: shard(2) }),
  sampleRun([elsewhere('a/one'), elsewhere('a/two'), result('a/three')], { run: 'shard-3', shard: shard(3) }),
];

const words = (run: { results: readonly { scenario: string; verdict: string }[] }) =>
  Object.fromEntries(run.results.map(({ scenario, verdict }) => [scenario, verdict]));

describe('merged shards', () => {
  test('hold what each of them ran', () => {
    const merged = mergeRuns(shards);
    expect(words(merged)).toEqual({ 'a/one': 'pass', 'a/two': 'fail', 'a/three': 'pass' });
    expect(merged).toMatchObject({ exitStatus: 1, counts: { pass: 2, fail: 1, 'not-run': 0 } });
  });

  test('are the same in any order, and with any of them twice', () => {
    const order = fc.shuffledSubarray([...shards, ...shards], { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(order, (runs) => {
        expect(mergeRuns(runs)).toEqual(mergeRuns(shards));
        expect(mergeRuns([mergeRuns(runs), ...runs])).toEqual(mergeRuns(shards));
      }),
    );
  });

  test("are of one kernel's clocks", () => {
    const fast = sampleRun([{ ...result('a/one'), kernel: 'fast' }], { run: 'fast' });
    expect(() => mergeRuns([...shards, fast])).toThrow('a/one stands in them with different --kernel');
  });

  test('show a shard that is missing as not run, and are not green without it', () => {
    const merged = mergeRuns([shards[0], shards[2]].filter((run) => run !== undefined));
    expect(words(merged)).toEqual({ 'a/one': 'pass', 'a/two': 'not-run', 'a/three': 'pass' });
    expect(merged.exitStatus).toBe(3);
  });

  test('are whole when what was missing is put to what was put together before', () => {
    const [one, two, three] = shards;
    const first = mergeRuns([one, three].filter((run) => run !== undefined));
    const then = mergeRuns([first, two].filter((run) => run !== undefined));
    expect(then).toEqual(mergeRuns(shards));
    expect(then.exitStatus).toBe(1);
  });

  test('of which one has nothing to do are as good as the others', () => {
    const idle = sampleRun([elsewhere('a/one')], { run: 'idle', exitStatus: 0, shard: { number: 1, of: 2 } });
    const busy = sampleRun([result('a/one')], { run: 'busy', shard: { number: 2, of: 2 } });
    expect(mergeRuns([idle, busy]).exitStatus).toBe(0);
    expect(mergeRuns([idle]).exitStatus).toBe(3);
  });

  test('of which one ended early are not told as lacking one', () => {
    const ended = { ...elsewhere('a/three'), reason: NOT_REACHED.ended };
    const early = sampleRun([result('a/one', 'fail'), elsewhere('a/two'), ended], { run: 'early', shard: shard(1) });
    const rest = sampleRun([elsewhere('a/one'), result('a/two'), elsewhere('a/three')], { shard: shard(2) });
    for (const runs of [
      [early, rest],
      [rest, early],
    ]) {
      const merged = mergeRuns(runs);
      expect(merged.results.find(({ scenario }) => scenario === 'a/three')?.reason).toBe(NOT_REACHED.ended);
      expect(merged.exitStatus).toBe(1);
    }
  });

  test('are green with a pair whose runtime is missing everywhere', () => {
    const absent = { ...elsewhere('a/two'), reason: 'go is not installed' };
    expect(mergeRuns([sampleRun([result('a/one'), absent])]).exitStatus).toBe(0);
  });

  test('have not ended while one of them has not', () => {
    expect(mergeRuns([sampleRun([result('a/one')]), sampleRun([], { exitStatus: null })]).exitStatus).toBeNull();
  });

  test('must be of one seed', () => {
    expect(() => mergeRuns([sampleRun([]), sampleRun([], { run: 'other', seed: '8' })])).toThrow(
      '2026-11-22T12-00-00-sample has seed 7 and other has seed 8: merge runs of one seed',
    );
  });
});

describe('the difference of two runs', () => {
  test('names what regressed, was fixed, is new and vanished, the worst first', () => {
    const before = sampleRun([result('a/worse'), result('a/better', 'fail'), result('a/gone'), result('a/same')], {
      run: 'old',
    });
    const after = sampleRun(
      [result('a/worse', 'fail'), result('a/better'), result('a/fresh'), result('a/broken', 'fail'), result('a/same')],
      {
        run: 'new',
      },
    );
    const diff = diffRuns(before, after);
    expect(diff.cases.map(({ change, id }) => `${change} ${id.split('/')[1]}`)).toEqual([
      'regressed worse',
      'new-fails broken',
      'vanished gone',
      'new fresh',
      'fixed better',
      'same same',
    ]);
    expect(diffLines(diff).slice(-2)).toEqual([
      'old → new: 1 regressed; 1 new, fails; 1 vanished; 1 new; 1 fixed; 1 same',
      'not as good: 2 cases that did not fail before',
    ]);
    expect(diffLines(diff)[1]).toContain('new, fails  a/broken/');
  });

  test('takes what was not run for absent', () => {
    const before = sampleRun([result('a/one')]);
    expect(diffRuns(before, sampleRun([elsewhere('a/one')])).counts).toMatchObject({ vanished: 1, regressed: 0 });
  });

  const from = (before: VerdictWord, after: VerdictWord) =>
    diffRuns(sampleRun([result('a/x', before), result('a/y')]), sampleRun([result('a/x', after), result('a/y')]));

  test.each([
    ['pass', 'fail', 'regressed', 1],
    ['unknown', 'fail', 'regressed', 1],
    ['pass', 'unknown', 'lost', 5],
    ['fail', 'unsupported', 'lost', 5],
    ['pass', 'setup-error', 'lost', 3],
    ['pass', 'interrupted', 'lost', 3],
    ['pass', 'not-run', 'vanished', 3],
    ['fail', 'pass', 'fixed', 0],
    ['unknown', 'pass', 'fixed', 0],
    ['unknown', 'unsupported', 'changed', 0],
    ['not-run', 'fail', 'new-fails', 1],
    ['not-run', 'unknown', 'new', 0],
    ['fail', 'fail', 'same', 0],
  ] as const)('takes %s, then %s, for %s: %i', (before, after, change, status) => {
    const { counts, exitStatus, why } = from(before, after);
    expect(counts[change]).toBe(change === 'same' ? 2 : 1);
    expect(exitStatus).toBe(status);
    expect(why === null).toBe(status === 0);
  });

  test('is never good where the newer run has not ended, lacks a shard or passed nothing', () => {
    const before = sampleRun([result('a/one')]);
    const after = (...more: Parameters<typeof sampleRun>) => diffRuns(before, sampleRun(...more));
    expect(after([result('a/one')], { exitStatus: null })).toMatchObject({ exitStatus: 3 });
    const parts = [{ run: 'x', shard: shard(1), exitStatus: 0 }];
    expect(after([result('a/one'), elsewhere('a/new')], { parts }).why).toBe(
      'the newer run: Incomplete: shards 2 and 3 of 3 are missing; 1 of 2 cases passed',
    );
    expect(after([])).toMatchObject({ exitStatus: 3, counts: { vanished: 1 } });
    expect(diffRuns(sampleRun([]), sampleRun([]))).toMatchObject({ exitStatus: 4 });
  });

  test('is empty between a run and itself', () => {
    const run = sampleRun([result('a/one', 'fail')]);
    expect(diffRuns(run, run).counts).toMatchObject({ same: 1, regressed: 0 });
  });
});

test('merging folders brings each case its evidence, and a page', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-merge-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [one, two] = [attempt('a/one'), attempt('a/two')];
  const of = (number: number, run: string) => ({ run, shard: { number, of: 2 } });
  await writeSampleRun(join(folder, '1'), sampleRun([one.result, elsewhere('a/two')], of(1, 'one')), [one]);
  await writeSampleRun(join(folder, '2'), sampleRun([elsewhere('a/one'), two.result], of(2, 'two')), [two]);
  const { index, exitStatus } = await mergeReports([join(folder, '1'), join(folder, '2')], join(folder, 'all'));
  expect(exitStatus).toBe(0);

  expect(await readFile(join(folder, 'all', 'junit.xml'), 'utf8')).toContain(
    `[[ATTACHMENT|${folder}/all/scenarios/a/one/`,
  );
  const page = await readFile(index, 'utf8');
  expect(page).not.toContain('No evidence of this case');
  expect(page.match(/<h1 |ran in [^<]*/g)?.slice(-4), 'each case tells its part').toEqual([
    '<h1 ',
    'ran in one, shard 1 of 2',
    '<h1 ',
    'ran in two, shard 2 of 2',
  ]);
  expect(await readFile(join(folder, 'all', two.folder, 'wire.jsonl'), 'utf8')).toContain('accepted');
  expect((await diffReports(join(folder, '1'), join(folder, 'all'))).counts).toMatchObject({ new: 1, same: 1 });
});

describe('the folder to merge into', () => {
  const shardsIn = async (): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'halfopen-into-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const [one, two] = [attempt('a/one'), attempt('a/two')];
    await writeSampleRun(join(folder, '1'), sampleRun([one.result, elsewhere('a/two')], { run: '1' }), [one]);
    await writeSampleRun(join(folder, '2'), sampleRun([elsewhere('a/one'), two.result], { run: '2' }), [two]);
    return folder;
  };

  test('is never a run of its own, nor anything else that is somebody’s', async () => {
    const folder = await shardsIn();
    const before = await readFile(join(folder, '1', 'run.json'), 'utf8');
    await expect(mergeReports([join(folder, '2')], join(folder, '1'))).rejects.toThrow(
      'is not empty and holds no merged run',
    );
    expect(await readFile(join(folder, '1', 'run.json'), 'utf8')).toBe(before);
    await expect(mergeReports([join(folder, '1')], folder)).rejects.toThrow('is not empty');
    await expect(mergeReports([join(folder, '1')], join(folder, '1', 'run.json'))).rejects.toThrow('is no folder');
    expect((await readdir(folder)).sort()).toEqual(['1', '2']);
  });

  test('may hold what was merged before, of which nothing then stays', async () => {
    const folder = await shardsIn();
    const into = join(folder, 'all');
    await mergeReports([join(folder, '2')], into);
    await mergeReports([join(folder, '1')], into);
    expect(await readdir(join(into, 'scenarios', 'a'))).toEqual(['one']);
    expect((await mergeReports([into, join(folder, '2')], into)).sentence).toBe('Every claim held');
    expect((await readdir(join(into, 'scenarios', 'a'))).sort()).toEqual(['one', 'two']);
    expect((await readdir(folder)).sort()).toEqual(['1', '2', 'all']);
  });
});

test('the page shows what changed since an earlier run, and leads to it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-since-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const before = sampleRun([result('a/worse'), result('a/gone'), result('a/same')], { run: 'yesterday' });
  const worse = attempt('a/worse', 'fail');
  await writeSampleRun(join(folder, 'old'), before, []);
  await writeSampleRun(join(folder, 'new'), sampleRun([worse.result, result('a/same')]), [worse]);
  const { index } = await writeReport(
    join(folder, 'new'),
    undefined,
    await diffReports(join(folder, 'old'), join(folder, 'new')),
  );
  const [part = ''] = /<h2 id="change-title">[\s\S]*?<\/section>/.exec(await readFile(index, 'utf8')) ?? [];
  const text = part.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
  expect(text).toContain('Since yesterday 1 regressed; 1 vanished. 1 case came to the same.');
  expect(text).toContain('regressed all is well node → node · local-wire pass fail +0 ms');
  expect(text).toContain('vanished all is well node → node · local-wire pass – –');
  expect(part.match(/<a href="#[^"]*"/g)).toEqual(['<a href="#a/worse/local-wire/node+node"']);
});

test.each([
  ['', (matrix: string) => matrix],
  [', though the file that tells of them is cut off', (matrix: string) => matrix.slice(0, 20)],
])('a run of seeded bugs is neither merged nor compared: its fails would be taken for news%s', async (_, told) => {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-merge-mutants-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeSampleRun(folder, sampleRun([result('a/one')]), []);
  const nothing = { survivors: [], outOfClass: [], unnamed: [], idle: [], broken: [] };
  const matrix = JSON.stringify({ bugs: [], classes: [], claims: {}, trials: [], ...nothing });
  await writeFile(join(folder, 'mutants.json'), told(matrix));
  await writeSampleRun(join(folder, 'other'), sampleRun([result('a/one')]), []);
  const refused = (why: string) => `${folder} is a run of seeded bugs, in which a fail is no news: ${why}`;
  await expect(mergeReports([folder], join(folder, 'all'))).rejects.toThrow(refused('it has no parts to merge'));
  for (const pair of [
    [folder, join(folder, 'other')],
    [join(folder, 'other'), folder],
  ] as const)
    await expect(diffReports(...pair)).rejects.toThrow(refused('there is nothing to compare it with'));
});

test('a folder without a run is no empty run', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-no-run-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeSampleRun(join(folder, '1'), sampleRun([result('a/one')]), []);
  await expect(diffReports(folder, join(folder, '1'))).rejects.toThrow('holds no run: run.json cannot be used');
  await expect(mergeReports([join(folder, 'nowhere')], join(folder, 'all'))).rejects.toThrow(
    'there is no run folder at',
  );
  await expect(writeReport(folder)).rejects.toThrow('holds no run');
});
