import { describe, expect, test } from 'vitest';

import { OTHER_SHARD } from '../evidence/run.ts';
import type { Run } from '../evidence/run.ts';
import type { VerdictWord } from '../evidence/verdict.ts';
import { exitWords, headline } from './headline.ts';
import { renderJunit } from './junit.ts';
import { masthead } from './page/masthead.ts';
import { sampleAttempt } from './sample/attempt.ts';
import { sampleRun } from './sample/run.ts';
import { renderSummary } from './summary.ts';

const result = (verdict: VerdictWord, scenario: string) => sampleAttempt({ scenario, claim: 'c', verdict }).result;
const elsewhere = (scenario: string) => ({ ...result('not-run', scenario), reason: OTHER_SHARD });
const run = (words: readonly VerdictWord[], more: Partial<Run> = {}): Run =>
  sampleRun(
    words.map((word, index) => result(word, `a/${index}`)),
    more,
  );
const said = (of: Run): string => headline(of).sentence;
const shard = (number: number) => ({ run: `s${number}`, shard: { number, of: 3 }, exitStatus: 0 });

describe('a run in one sentence', () => {
  test('is green where all of it held, and tells what was not run and what could not be done', () => {
    expect(headline(run(['pass', 'pass']))).toEqual({ tone: 'pass', sentence: 'Every claim held' });
    expect(headline(run(['pass', 'unsupported']))).toEqual({
      tone: 'pass',
      sentence: 'Every claim held that was run; 1 case was unsupported',
    });
    expect(said(run(['pass', 'unsupported', 'unsupported', 'not-run']))).toBe(
      'Every claim held that was run; 1 case was not, 2 cases were unsupported',
    );
    expect(said(run(['pass', 'not-run', 'not-run']))).toBe('Every claim held that was run; 2 cases were not');
  });

  test('says what is broken, and what could not be set up beside it', () => {
    expect(headline(run(['fail', 'pass', 'setup-error']))).toEqual({
      tone: 'fail',
      sentence: '1 claim broken; 1 case could not be set up',
    });
  });

  test('says why a run in which all passed is not sound', () => {
    expect(said(run(['pass'], { problem: 'not everything could be tidied up: it is gone' }))).toBe(
      'Not sound: not everything could be tidied up: it is gone',
    );
  });

  test('is a sentence on one line in every document, however long and whatever the problem was', () => {
    const problem = `<b>*bold*</b>\n${'x'.repeat(2 ** 21)}`;
    const of = run(['pass'], { problem });
    expect(said(of)).toMatch(/^Not sound: <b>\*bold\*<\/b>␊x+… \(\d+ characters more\)$/);
    expect(said(of).length).toBeLessThan(500);
    const record = { run: of, ended: true, environment: null, mutants: null, problems: [] };
    expect(renderSummary(record).split('\n')[0]).toMatch(/^## Halfopen: Not sound: &lt;b&gt;\\\*bold/);
    expect(renderSummary(record).length).toBeLessThan(5_000);
  });

  test('says of a shard that it is one, and of one without work that it has none', () => {
    const one = { shard: { number: 1, of: 2 } };
    expect(said(sampleRun([result('pass', 'a/one'), elsewhere('a/two')], one))).toBe(
      'Every claim held in shard 1 of 2',
    );
    expect(said(sampleRun([result('pass', 'a/one'), elsewhere('a/two'), result('unsupported', 'a/three')], one))).toBe(
      'Every claim held that was run in shard 1 of 2; 1 case was unsupported',
    );
    expect(headline(sampleRun([elsewhere('a/one')], one))).toEqual({
      tone: 'not-run',
      sentence: 'Nothing to run in shard 1 of 2',
    });
  });

  test('counts as judged only what was, where it was interrupted', () => {
    const results = [result('pass', 'a/one'), result('unsupported', 'a/two'), result('interrupted', 'a/three')];
    expect(said(sampleRun(results, { exitStatus: 130 }))).toBe('Interrupted: 1 case judged');
  });

  test('names the shards that are missing', () => {
    const results = [result('pass', 'a/one'), result('fail', 'a/two'), elsewhere('a/three')];
    expect(said(sampleRun(results, { parts: [shard(1)] }))).toBe(
      'Incomplete: shards 2 and 3 of 3 are missing; 1 of 3 cases passed, 1 claim broken',
    );
    expect(said(sampleRun(results, { parts: [{ run: 'x', exitStatus: 0 }] }))).toContain('a shard is missing');
  });
});

test('every document says that a shard is missing, and none that all is well', () => {
  const merged = sampleRun([result('pass', 'a/one'), elsewhere('a/two')], {
    parts: [shard(1), shard(3)],
    exitStatus: 3,
  });
  const record = { run: merged, ended: true, environment: null, mutants: null, problems: [] };
  const sentence = 'Incomplete: shard 2 of 3 is missing; 1 of 2 cases passed';
  expect(exitWords(record)).toEqual({ status: 3, meaning: 'a shard is missing' });
  expect(renderSummary(record).split('\n')[0]).toBe(`## Halfopen: ${sentence}`);
  expect(renderSummary(record)).toContain('exit status 3: a shard is missing');
  expect(masthead(record, []).text).toContain(`<h1 class="v-not-run">${sentence}</h1>`);
  expect(renderJunit(record)).toContain(`<error type="incomplete" message="${sentence}">`);
});

test('junit tells of a run that did not end what no test of it tells', () => {
  const record = {
    run: run(['pass'], { exitStatus: null }),
    ended: false,
    environment: null,
    mutants: null,
    problems: [],
  };
  expect(renderJunit(record)).toContain('<error type="open" message="Interrupted: 1 case judged">');
});
