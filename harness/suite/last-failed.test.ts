import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { NOT_REACHED, OTHER_SHARD } from '../evidence/run.ts';
import type { VerdictWord } from '../evidence/verdict.ts';
import { chooseJobs } from '../cli/choose-jobs.ts';
import { sampleAttempt } from '../report/sample/attempt.ts';
import { sampleRun } from '../report/sample/run.ts';
import { readConfig } from './config.ts';
import { lastFailed, namedAgain } from './last-failed.ts';
import type { LastFailed } from './last-failed.ts';

const CUT = 'disconnect/a-message-cut-by-rst-is-a-reset';
const CLEAN = 'framing/a-clean-exchange-is-clean';

const result = (scenario: string, client: string, verdict: VerdictWord) =>
  sampleAttempt({ scenario, claim: 'all is well', client, verdict }).result;

async function reportsWith(run: ReturnType<typeof sampleRun>): Promise<string> {
  const reports = await mkdtemp(join(tmpdir(), 'halfopen-failed-'));
  onTestFinished(() => rm(reports, { recursive: true }));
  await mkdir(join(reports, 'latest'));
  await writeFile(join(reports, 'latest/run.json'), JSON.stringify(run));
  return reports;
}

test('what failed is named again: its subjects once each, its place and its seed; what passed is not', async () => {
  const results = [result('a/one', 'torn', 'fail'), result('a/two', 'torn', 'fail'), result('a/one', 'node', 'pass')];
  const failed = await lastFailed(await reportsWith(sampleRun(results)));
  expect(failed.seed).toBe('7');
  expect(failed.results).toHaveLength(2);
  expect(namedAgain(failed)).toEqual({
    server: ['node'],
    client: ['torn'],
    cell: 'local',
    proxy: 'wire',
    kernel: 'stock',
  });
});

test('a plain pair that was given as commands is given as commands again, with its bound', () => {
  const given = { server: 'serve {port}', client: 'fetch {port}', withinMs: 500 };
  const failed = { run: 'r', seed: '7', ended: true, results: [{ ...result('plain/one', 'fetch-1', 'fail'), given }] };
  expect(namedAgain(failed)).toEqual({
    'plain-server': ['serve {port}'],
    'plain-client': ['fetch {port}'],
    within: '500',
    cell: 'local',
    proxy: 'wire',
    kernel: 'stock',
  });
});

test("what failed with the kernel's clocks that the run asked for is run again with those", () => {
  const own = { ...result('a/one', 'node', 'fail'), cell: 'docker' as const };
  const failed = { run: 'r', seed: '7', ended: true, results: [own, { ...own, kernel: 'fast' as const }] };
  expect(namedAgain(failed)).toMatchObject({ cell: 'docker', kernel: 'fast' });
});

test('what a control broke is run again as a control', () => {
  const control = { ...result('a/one', 'torn', 'fail'), variant: 'control' as const };
  expect(namedAgain({ run: 'r', seed: '7', ended: true, results: [control] })).toMatchObject({ control: true });
});

test('what failed with one proxy is run again with that one, unless another is named', async () => {
  const docker = (scenario: string, proxy: 'wire' | 'toxiproxy') => ({
    ...result(scenario, 'node', 'fail'),
    cell: 'docker' as const,
    proxy,
  });
  const failed = { run: 'r', seed: '7', ended: true, results: [docker(CUT, 'wire')] };
  expect(namedAgain(failed)).toMatchObject({ cell: 'docker', proxy: 'wire' });
  const both = { ...failed, results: [docker(CUT, 'wire'), docker(CLEAN, 'toxiproxy')] };
  expect(namedAgain(both)).toMatchObject({ proxy: 'wire,toxiproxy' });

  const config = await readConfig('/nonexistent');
  const proxiesOf = async (last: LastFailed, flags: { proxy?: string }): Promise<string[]> => {
    const named = { ...namedAgain(last), ...flags };
    const jobs = await chooseJobs({ flags: named, filters: [], seed: '7', failed: last }, config);
    return jobs.map(({ plan }) => `${plan.scenario} ${plan.proxy}`);
  };
  expect(await proxiesOf(failed, {})).toEqual([`${CUT} wire`]);
  expect(await proxiesOf(both, {})).toEqual([`${CUT} wire`, `${CLEAN} toxiproxy`]);
  expect(await proxiesOf(failed, { proxy: 'toxiproxy' })).toEqual([`${CUT} toxiproxy`]);
});

test('what the run was to do and did not come to is run again; what is no business of it is not', async () => {
  const notRun = (scenario: string, reason: string) => ({ ...result(scenario, 'node', 'not-run'), reason });
  const results = [
    result('a/passed', 'node', 'pass'),
    notRun('a/unreached', NOT_REACHED.interrupted),
    notRun('a/late', NOT_REACHED.ended),
    notRun('a/elsewhere', OTHER_SHARD),
    notRun('a/missing', 'go is not installed'),
  ];
  const failed = await lastFailed(await reportsWith(sampleRun(results, { exitStatus: 130 })));
  expect(failed.results.map(({ scenario }) => scenario)).toEqual(['a/unreached', 'a/late']);
  expect(failed.ended).toBe(true);
});

test('of a run that was killed what it had not come to is not known, and that is said', async () => {
  const killed = (verdict: VerdictWord) =>
    reportsWith(sampleRun([result('a/one', 'node', verdict)], { exitStatus: null }));
  await expect(lastFailed(await killed('pass'))).rejects.toThrow('was killed before anything failed');
  expect((await lastFailed(await killed('fail'))).ended).toBe(false);
});

test('where nothing failed there is nothing to run again, and without a run that is said', async () => {
  const passed = await reportsWith(sampleRun([result('a/one', 'node', 'pass')]));
  expect((await lastFailed(passed)).results).toEqual([]);
  await expect(lastFailed('/nowhere')).rejects.toThrow(
    '--last-failed: there is no earlier run in /nowhere: run something first',
  );
});
