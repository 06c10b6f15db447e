import { expect, test } from 'vitest';

import { sampleAttempt } from './sample/attempt.ts';
import { sampleRun } from './sample/run.ts';
import { renderSummary } from './summary.ts';

const record = (results: ReturnType<typeof sampleAttempt>['result'][], ended = true) => ({
  run: sampleRun(results, ended ? {} : { exitStatus: null }),
  ended,
  environment: null,
  mutants: null,
  problems: [],
});

const UNKNOWN = { verdict: 'unknown' as const, reason: 'the host stalled', evidence: 'x/1', durationMs: 3 };

const failing = (index: number, reason = 'too late') =>
  sampleAttempt({ scenario: `timeout/late-${index}`, claim: 'a deadline holds', verdict: 'fail', reason }).result;

test('begins with the verdict, and shows each failure with its line', () => {
  const text = renderSummary(
    record([failing(1), sampleAttempt({ scenario: 'framing/whole', claim: 'all is well' }).result]),
  );
  expect(text.split('\n')[0]).toBe('## Halfopen: 1 claim broken');
  expect(text).toContain('2 cases: 1 fail, 1 pass in 12.8 s, seed `7`, exit status 1: a claim is broken.');
  expect(text).toContain('`npx halfopen run timeout/late-1 --server node --client node --seed 7`');
  expect(text).toContain('| framing/whole | ✓ pass |');
});

test('counts a claim once, however many pairs break it', () => {
  const text = renderSummary(record([failing(1), { ...failing(1), client: 'python' }, failing(2)]));
  expect(text.split('\n')[0]).toBe('## Halfopen: 2 claims broken, in 3 cases');
});

test('tells a pass that came on a later attempt from one that came at once, and shows every attempt', () => {
  const { result } = sampleAttempt({ scenario: 'framing/whole', claim: 'all is well' });
  const text = renderSummary(record([{ ...result, attempts: [UNKNOWN, ...result.attempts] }]));
  expect(text).toContain('| framing/whole | ✓ pass, attempt 2 |');
  expect(text).toContain('- framing/whole, node → node: 1 unknown (the host stalled); 2 pass');
  expect(renderSummary(record([result]))).not.toContain('attempt');
});

test('says that a run without an end was interrupted', () => {
  expect(renderSummary(record([], false))).toContain('## Halfopen: Interrupted: 0 cases judged');
});

test('shows ten failures, and how many more there are', () => {
  const text = renderSummary(record(Array.from({ length: 14 }, (_, index) => failing(index))));
  expect(text.match(/^### /gm)).toHaveLength(10);
  expect(text).toContain('and 4 more, in the report');
});

test('shows 24 pairs, those that failed before the others, and how many more there are', () => {
  const passed = sampleAttempt({ scenario: 'framing/whole', claim: 'all is well' }).result;
  const pairs = Array.from({ length: 27 }, (_, index) => ({ ...passed, client: `c${String(index).padStart(2, '0')}` }));
  const text = renderSummary(record([...pairs, { ...failing(1), client: 'c26' }, { ...failing(1), client: 'c13' }]));
  const heads = [...(/^\| scenario .*$/m.exec(text)?.[0] ?? '').matchAll(/c\d\d/g)].map(([client]) => client);
  expect(heads).toHaveLength(24);
  expect(heads.slice(0, 4)).toEqual(['c13', 'c26', 'c00', 'c01']);
  expect(text).toContain('\n\nand 3 more pairs, in the report\n');
  expect(renderSummary(record(pairs.slice(0, 24)))).not.toContain('more pair');
});

test('keeps a subject from writing markup, mentions or table cells', () => {
  const text = renderSummary(record([failing(1, '<img src=x> @everyone | **bold** `code`')]));
  expect(text).toContain('&lt;img src=x&gt; <span>@</span>everyone \\| \\*\\*bold\\*\\* \\`code\\`');
});

test('gives a line to copy as it is, and whole or not at all', () => {
  const given = (server: string) => renderSummary(record([{ ...failing(1), given: { server } }]));
  expect(given('cat | tee x')).toContain("--plain-server 'cat | tee x' --client node --seed 7`");
  expect(given('x'.repeat(2_000))).toContain(`${'x'.repeat(2_000)} --client node --seed 7\``);
  expect(given('x'.repeat(9_000))).not.toContain('xxx');
  expect(given('x'.repeat(9_000))).toContain('is too long to stand here: see the report');
});

test('stays within what a step summary may have, however many cases there are and whatever they say', () => {
  const evil = '\u200b&|$'.repeat(2000);
  const attempts = Array.from({ length: 9 }, () => ({ ...UNKNOWN, reason: evil }));
  const one = { ...failing(0, evil), claim: evil, attempts };
  const many = Array.from({ length: 3000 }, (_, index) => ({
    ...one,
    scenario: `timeout/${index % 300}${evil}`,
    client: `${index}${evil}`,
  }));
  const text = renderSummary(record(many));
  expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
  expect(text.endsWith('\n\nThe rest is too much for this page: see the report\n\n')).toBe(true);
});
