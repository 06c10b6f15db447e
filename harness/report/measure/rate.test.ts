import { describe, expect, test } from 'vitest';

import type { VerdictWord } from '../../evidence/verdict.ts';
import { casesOf } from '../cases.ts';
import { casePage } from '../page/case-page.ts';
import { masthead } from '../page/masthead.ts';
import { matrix } from '../page/matrix.ts';
import { sampleAttempt } from '../sample/attempt.ts';
import { sampleRun } from '../sample/run.ts';
import { renderSummary } from '../summary.ts';
import { casesCounted, rateOf, rateWords } from './rate.ts';

const repeated = (...verdicts: VerdictWord[]) =>
  verdicts.map((verdict, index) => ({
    ...sampleAttempt({ scenario: 'a/one', claim: 'all is well', verdict }).result,
    repetition: index + 1,
  }));
const wordsOf = (...verdicts: VerdictWord[]) => casesOf(sampleRun(repeated(...verdicts))).map(rateWords);

describe('rates', () => {
  test('of few tries say little', () => {
    const rate = rateOf(3, 3);
    expect(rate.from).toBeCloseTo(0.4385, 3);
    expect(rate.to).toBe(1);
  });

  test('are told of what proved something, and only where there was more than one try', () => {
    expect(wordsOf('fail', 'pass', 'unknown', 'pass')).toEqual([
      { share: '2 of 3 passed, 1 proved nothing', interval: '95 % interval 20.8–93.9 %' },
    ]);
    expect(wordsOf('fail')).toEqual([null]);
    expect(wordsOf('unknown', 'unknown')).toEqual([null]);
  });

  test('are not of a fault and its control', () => {
    const [fault] = repeated('fail');
    const control = sampleAttempt({ scenario: 'a/one', claim: 'c', variant: 'control' }).result;
    const results = fault === undefined ? [] : [fault, control];
    expect(casesOf(sampleRun(results)).map(rateWords)).toEqual([null]);
  });

  test('never leave 0 to 1', () => {
    expect(rateOf(0, 5).from).toBe(0);
    expect(rateOf(1000, 1000).from).toBeGreaterThan(0.996);
  });
});

test('a run that repeats tells its rate, and counts its cases, in the same words everywhere', () => {
  const run = sampleRun(repeated('fail', 'fail', 'pass', 'fail'));
  const cases = casesOf(run);
  const record = { run, ended: true, environment: null, mutants: null, problems: [] };
  const [share, interval] = ['1 of 4 passed', '95 % interval 4.6–69.9 %'];
  expect(casesCounted(cases, run)).toBe('1 case, run 4 times');
  expect(renderSummary(record)).toContain('1 case, run 4 times: 1 fail in');
  expect(renderSummary(record)).toContain('| a/one | ✗ fail, 1 of 4 passed |');
  expect(renderSummary(record)).toContain(`- a/one, node → node: ${share}, ${interval}`);
  expect(masthead(record, cases).text).toContain('of 1 case, run 4 times');
  expect(matrix(cases).text).toContain(`<span class="rate">${share}</span>`);
  const [only] = cases;
  expect(only === undefined ? '' : casePage(only, [], '7').text).toContain(`${share}, ${interval}`);
});

test('a run that does not repeat says nothing of it', () => {
  const run = sampleRun(repeated('pass'));
  expect(casesCounted(casesOf(run), run)).toBe('1 case');
  expect(matrix(casesOf(run)).text).not.toContain('rate');
});
