import { afterEach, expect, test, vi } from 'vitest';

import type { Result } from '../evidence/run.ts';
import { reproducer } from '../report/reproduce.ts';
import { sampleAttempt } from '../report/sample/attempt.ts';
import { sampleRun } from '../report/sample/run.ts';
import { readConfig } from '../suite/config.ts';
import type { AnyJob } from '../suite/plain-job.ts';
import { excusedResult } from '../suite/job-result.ts';
import { chooseJobs } from './choose-jobs.ts';
import type { ShownJob } from './live-block.ts';
import { consolePrinter } from './run-printer.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** The lines by which a run of these results ends. */
async function ending(results: Result[]): Promise<string[]> {
  const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const run = sampleRun(results);
  const printer = consolePrinter({ jobs: [], seed: '7', cells: 1, again: reproducer(run) });
  await printer.end(run, { index: 'reports/x/index.html', line: 'report: reports/x/index.html' });
  return printed.mock.calls.flat().join('\n').split('\n');
}

test('the counts say how many verdicts came on a later attempt', async () => {
  const { result } = sampleAttempt({ scenario: 'framing/whole', claim: 'all is well' });
  const first = { verdict: 'unknown' as const, reason: 'the host stalled', evidence: 'x/1', durationMs: 3 };
  const again = { ...result, attempts: [first, ...result.attempts] };
  const other = { ...result, scenario: 'framing/other' };
  expect((await ending([again, other])).at(-2)).toMatch(/^2 ✓ pass \(1 on a later attempt\) {2}in /);
  expect((await ending([result])).at(-2)).toMatch(/^1 ✓ pass {2}in /);
});

test('a case that was run several times is counted once, and its rate told', async () => {
  const { result } = sampleAttempt({ scenario: 'framing/whole', claim: 'all is well' });
  const failed = { ...result, verdict: 'fail' as const };
  const lines = await ending([result, { ...failed, repetition: 2 }, { ...failed, repetition: 3 }]);
  expect(lines).toContain('framing/whole node→node: 1 of 3 passed  95 % interval 6.1–79.2 %');
  expect(lines.at(-2)).toMatch(/^1 ✗ fail {2}of 1 case, run 3 times {2}in /);
});

test('the slowest are cases: each once, with its pair', async () => {
  const took = (client: string, repetition: number, durationMs: number): Result => ({
    ...sampleAttempt({ scenario: 'framing/whole', claim: 'all is well', client }).result,
    repetition,
    durationMs,
  });
  const lines = await ending([took('node', 1, 20), took('node', 2, 30), took('python', 1, 25)]);
  expect(lines).toContain('slowest: framing/whole node→node 30 ms · framing/whole python→node 25 ms');
});

test('what kept many cases from being set up is told in full with the first, and once more before the sentence', async () => {
  const reason = 'no container engine answers: start Docker';
  const flags = { server: ['node'], client: ['node'] };
  const asked = { flags, filters: ['disconnect'], seed: '7', failed: null };
  const jobs = (await chooseJobs(asked, await readConfig('/nowhere'))).slice(0, 3);
  const resultOf = (job: AnyJob): Result => excusedResult(job, { verdict: 'setup-error', reason });
  const results = jobs.map(resultOf);
  const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const run = sampleRun(results, { exitStatus: 3 });
  const printer = consolePrinter({ jobs, seed: '7', cells: 1, again: reproducer(run) });
  for (const job of jobs) printer.show({ type: 'result', job, result: resultOf(job), verdict: null });
  await printer.end(run, { index: 'reports/x/index.html', line: 'report: reports/x/index.html' });
  const text = printed.mock.calls.flat().join('\n');
  expect(text.match(/because +no container engine answers/g)).toHaveLength(1);
  for (const { scenario } of results) expect(text).toContain(`! setup-error  ${scenario}  `);
  expect(text.split('\n').at(-4)).toBe(`3 setup-error: ${reason}`);
});

test('the last line names the report, also where annotations are told', async () => {
  vi.stubEnv('GITHUB_ACTIONS', 'true');
  const { result } = sampleAttempt({ scenario: 'framing/whole', claim: 'all is well', verdict: 'fail' });
  const lines = await ending([result]);
  expect(lines[0]).toMatch(/^::error /);
  expect(lines.at(-1)).toBe('report: reports/x/index.html');
});

/** The first lines of a run, as they are told before anything has run. */
async function beginning(jobs: readonly ShownJob[]): Promise<string[]> {
  const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const run = sampleRun([]);
  const printer = consolePrinter({ jobs, seed: '7', cells: 4, again: reproducer(run) });
  printer.show({ type: 'started', folder: 'reports/x', jobs: jobs.length, cells: 4 });
  await printer.end(run, { index: 'reports/x/index.html', line: 'report: reports/x/index.html' });
  const [first = ''] = printed.mock.calls.flat() as string[];
  return first.split('\n');
}

test('the first lines say what will run, and of what cannot run here how many cases and why', async () => {
  const job = (server: string, client: string, reason: string | null = null): ShownJob => ({
    plan: sampleAttempt({ scenario: 'framing/whole', claim: 'all is well', server, client }).result,
    excused: reason === null ? null : { verdict: 'not-run', reason },
  });
  const reason = 'python3 is not installed';
  const missing = [job('python', 'node', reason), job('node', 'python', reason), job('go', 'node', 'go is old')];
  expect(await beginning([job('node', 'node'), ...missing])).toEqual([
    'halfopen  4 cases of 1 scenario and 4 pairs, in 4 cells (local, wire proxy), seed 7',
    '  2 not-run: python3 is not installed',
    '  1 not-run: go is old',
  ]);
  vi.restoreAllMocks();
  expect(await beginning([job('node', 'node')])).toEqual([
    'halfopen  1 case of 1 scenario and 1 pair, in 1 cell (local, wire proxy), seed 7',
  ]);
});
