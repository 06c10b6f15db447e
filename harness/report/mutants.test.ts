import { expect, test } from 'vitest';

import type { VerdictWord } from '../evidence/verdict.ts';
import { killMatrix } from './mutants.ts';
import { killPart } from './page/kill-part.ts';
import { sampleAttempt } from './sample/attempt.ts';
import { sampleRun } from './sample/run.ts';

const met = (scenario: string, client: string, verdict: VerdictWord) =>
  sampleAttempt({ scenario, claim: 'all is well', client, verdict }).result;
const bug = (name: string) => ({
  name,
  class: 'B05',
  bug: 'a mistake',
  violates: 'HOWTO, Using a Socket',
  publicCase: 'a/b#1',
});

test('a bug is killed by a scenario that fails with it, and alive where none does', () => {
  const run = sampleRun([met('a/one', 'torn', 'fail'), met('a/one', 'deaf', 'pass'), met('a/two', 'deaf', 'unknown')]);
  const matrix = killMatrix(run, {
    bugs: [bug('torn'), bug('deaf')],
    claims: { 'a/one': ['torn'], 'a/two': ['deaf'] },
  });
  expect(matrix.kills.map(({ scenario, bug: name, fate }) => `${scenario} ${name} ${fate}`)).toEqual([
    'a/one torn killed',
    'a/one deaf survived',
    'a/two torn not-run',
    'a/two deaf unclear',
  ]);
  expect(matrix.alive).toEqual(['deaf']);
  expect(matrix.broken).toMatchObject([{ scenario: 'a/two', bug: 'deaf' }]);
  expect(killPart(matrix).text).toContain('1 bug alive: deaf; 1 claim of a kill did not come true.');
});
