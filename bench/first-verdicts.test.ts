import { expect, test } from 'vitest';

import type { Result } from '../harness/evidence/run.ts';
import { sampleAttempt } from '../harness/report/sample/attempt.ts';
import { unstableCases } from './first-verdicts.ts';

const { result } = sampleAttempt({ scenario: 'framing/whole', claim: 'a message is whole' });

/** The case of that scenario, with what each of its attempts came to; without one it was never begun. */
function came(scenario: string, ...verdicts: Result['verdict'][]): Result {
  const attempts = verdicts.map((verdict) => ({ verdict, reason: '', evidence: 'a', durationMs: 1 }));
  return { ...result, scenario, attempts, verdict: verdicts.at(-1) ?? 'not-run' };
}

test('runs that came to the same have no unstable case, whatever the same is', () => {
  const run = [came('a/one', 'pass'), came('a/two', 'fail')];
  expect(unstableCases([run, run, run.toReversed()])).toEqual([]);
});

test('a case is unstable by its first attempt, though a later one passed', () => {
  const runs = [[came('a/one', 'pass')], [came('a/one', 'unknown', 'pass')], [came('a/one', 'pass')]];
  expect(unstableCases(runs)).toEqual([
    {
      name: 'a/one/local-wire/node+node',
      runs: new Map([
        ['pass', 2],
        ['unknown', 1],
      ]),
    },
  ]);
});

test('a case that one run has not, or never began, is unstable', () => {
  const whole = [came('a/one', 'pass'), came('a/two', 'pass')];
  const names = (runs: Result[][]): string[] => unstableCases(runs).map(({ name }) => name);
  expect(names([whole, [came('a/one', 'pass')]])).toEqual(['a/two/local-wire/node+node']);
  expect(names([whole, [came('a/one', 'pass'), came('a/two')]])).toEqual(['a/two/local-wire/node+node']);
});
