import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { sampleAttempt } from '../report/sample/attempt.ts';
import { sampleRun } from '../report/sample/run.ts';
import { lastFailed, namedAgain } from './last-failed.ts';

const result = (scenario: string, client: string, verdict: 'pass' | 'fail') =>
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
  expect(namedAgain(failed)).toEqual({ server: ['node'], client: ['torn'], cell: 'local' });
});

test('a plain pair that was given as commands is given as commands again, with its bound', () => {
  const given = { server: 'serve {port}', client: 'fetch {port}', withinMs: 500 };
  const failed = { run: 'r', seed: '7', results: [{ ...result('plain/one', 'fetch-1', 'fail'), given }] };
  expect(namedAgain(failed)).toEqual({
    'plain-server': ['serve {port}'],
    'plain-client': ['fetch {port}'],
    within: '500',
    cell: 'local',
  });
});

test('where nothing failed, or nothing was run, there is nothing to run again', async () => {
  const passed = await reportsWith(sampleRun([result('a/one', 'node', 'pass')]));
  await expect(lastFailed(passed)).rejects.toThrow('nothing failed in 2026-11-22T12-00-00-sample');
  await expect(lastFailed('/nowhere')).rejects.toThrow('--last-failed: /nowhere/latest/run.json cannot be read');
});
