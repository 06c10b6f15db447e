import { expect, test } from 'vitest';

import { alignEvents } from '../evidence/clock.ts';
import { reproducer } from '../report/reproduce.ts';
import { sampleAttempt } from '../report/sample/attempt.ts';
import { sampleRun } from '../report/sample/run.ts';
import { failureScreen } from './failure-screen.ts';
import { Style } from './style.ts';

const failed = sampleAttempt({
  scenario: 'dead-peer/silent-server',
  claim: 'a silent server is noticed before its caller has lost all patience with it',
  fault: { kind: 'swallow' },
  echoes: 4,
  failure: { code: 'timeout', afterMs: 1003 },
  verdict: 'fail',
});
const { evidence } = failed;
const failure = alignEvents(evidence.records, 'client').events.find(({ event }) => event.event === 'failed');
const verdict = {
  ...failed.verdict,
  checks: failed.verdict.checks.map((check) => ({ ...check, outcome: 'fail' as const, atMs: failure?.atMs ?? null })),
};
const toRepeat = reproducer(sampleRun([failed.result]));
const screen = (columns?: number): string[] =>
  failureScreen(
    { result: failed.result, verdict, evidence, again: toRepeat },
    new Style(process.stdout),
    columns,
  ).split('\n');

test('a failure is told field by field, in a line each where nothing is known of a width', () => {
  const lines = screen();
  expect(lines[0]).toBe(`    claim     ${failed.result.claim}`);
  expect(lines.some((line) => line.startsWith('    expected  '))).toBe(true);
  expect(lines.at(-1)).toBe(
    '    again     npx halfopen run dead-peer/silent-server --server node --client node --seed 7',
  );
});

test('the log of a crash stands before the line to copy', () => {
  const logs = [{ role: 'server' as const, path: 'reports/x/server.log', lines: ['out of ideas'] }];
  const lines = failureScreen(
    { result: failed.result, verdict, evidence, logs, again: toRepeat },
    new Style(process.stdout),
  );
  expect(lines.split('\n').slice(-3)).toEqual([
    '    log       of the server, its end: reports/x/server.log',
    '              │ out of ideas',
    expect.stringContaining('    again     npx'),
  ]);
});

test('in a terminal no line is wider than it but the one to copy, and a field goes on below where it began', () => {
  const lines = screen(64);
  const [again, others] = [lines.at(-1) ?? '', lines.slice(0, -1)];
  expect(again.length).toBeGreaterThan(64);
  expect(others.filter((line) => line.length > 64 && !line.includes(' ms  '))).toEqual([]);
  expect(others[1]).toMatch(/^ {14}\S/);
  expect(screen(20)[0]).toBe(screen()[0]);
});

test('the small time line marks the moment itself', () => {
  const told = screen().filter((line) => line.includes(' ms  '));
  const marked = told.filter((line) => line.startsWith('  ▸ '));
  expect(marked[0]).toMatch(/^ {2}▸ +[\d.]+ ms {2}client {2}failed {2}conn 1 /);
  expect(marked.length).toBeLessThan(told.length / 2);
});
