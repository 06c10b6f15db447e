import { describe, expect, test } from 'vitest';

import type { Mutants } from '../evidence/mutants.ts';
import { VERDICTS } from '../evidence/verdict.ts';
import type { VerdictWord } from '../evidence/verdict.ts';
import { exitStatus, mutantsStatus, unfinishedStatus } from './exit-status.ts';

const results = (...verdicts: VerdictWord[]) => verdicts.map((verdict) => ({ verdict }));

describe('the exit status is the first that applies', () => {
  test.each([
    ['a setup error outranks a fail', ['pass', 'fail', 'setup-error'], 3],
    ['a fail outranks an unknown', ['unknown', 'fail', 'pass'], 1],
    ['an unknown outranks passes', ['pass', 'unknown', 'pass'], 5],
    ['nothing but unsupported is not green', ['unsupported', 'not-run'], 4],
    ['unsupported beside a pass is green', ['unsupported', 'pass', 'not-run'], 0],
    ['passes are green', ['pass', 'pass'], 0],
    ['an interrupted attempt makes the run interrupted', ['fail', 'interrupted', 'setup-error'], 130],
  ] as const)('%s', (_title, verdicts, status) => {
    expect(exitStatus(results(...verdicts), null)).toBe(status);
  });

  test('no result at all is not green', () => {
    expect(exitStatus([], null)).toBe(4);
  });

  test('a signal outranks every verdict, and tells itself apart', () => {
    expect(exitStatus(results(...VERDICTS), 'SIGINT')).toBe(130);
    expect(exitStatus(results('fail'), 'SIGTERM')).toBe(143);
  });

  test('only a run in which something passed and nothing else counts is 0', () => {
    for (const verdict of VERDICTS) {
      const harmless = verdict === 'pass' || verdict === 'unsupported' || verdict === 'not-run';
      expect(exitStatus(results('pass', verdict), null) === 0, verdict).toBe(harmless);
    }
  });
});

test('a run that was killed is its worst verdict, and never green', () => {
  expect(unfinishedStatus(results('pass', 'pass'))).toBe(5);
  expect(unfinishedStatus(results('pass', 'fail'))).toBe(1);
  expect(unfinishedStatus([])).toBe(4);
});

describe('of a run of seeded bugs', () => {
  const NONE: Mutants = {
    bugs: [],
    classes: [],
    claims: {},
    trials: [],
    survivors: [],
    outOfClass: [],
    unnamed: [],
    idle: [],
    broken: [],
    whole: true,
    gaps: [],
  };

  test.each(['survivors', 'outOfClass', 'unnamed', 'idle', 'broken', 'gaps'] as const)('%s make it 1', (list) => {
    expect(mutantsStatus(NONE, null)).toBe(0);
    expect(mutantsStatus({ ...NONE, [list]: ['x'] }, null)).toBe(1);
    expect(mutantsStatus({ ...NONE, [list]: ['x'] }, 'SIGTERM')).toBe(143);
  });

  test.each([
    ['the fault on', { verdict: 'setup-error', control: null }],
    ['the fault off', { verdict: 'fail', control: 'setup-error' }],
  ] as const)('a trial that could not be made with %s makes it 3', (_title, words) => {
    const trial = { scenario: 's', bug: 'b', expected: 'kill', role: 'both', reason: '', ...words } as const;
    expect(mutantsStatus({ ...NONE, trials: [trial], broken: ['x'] }, null)).toBe(3);
    expect(mutantsStatus({ ...NONE, trials: [trial] }, 'SIGINT')).toBe(130);
  });
});
