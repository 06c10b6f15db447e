import { describe, expect, test } from 'vitest';

import { OTHER_SHARD } from './run.ts';
import { missingShards, runVerdict, statusSoFar } from './run-verdict.ts';
import type { Ending, Judged } from './run-verdict.ts';
import { VERDICTS } from './verdict.ts';
import type { VerdictWord } from './verdict.ts';

const ran = (...verdicts: VerdictWord[]): Judged => ({
  results: verdicts.map((verdict) => ({ verdict, reason: 'because' })),
});
const elsewhere = { verdict: 'not-run', reason: OTHER_SHARD } as const;
const statusOf = (run: Judged, ending: Ending = 'itself'): number | null => runVerdict(run, ending).exitStatus;
const part = (number: number, exitStatus: number | null = 0, of = 3) => ({
  run: `shard-${number}`,
  shard: { number, of },
  exitStatus,
});

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
    expect(statusOf(ran(...verdicts))).toBe(status);
  });

  test('no result at all is not green', () => {
    expect(statusOf(ran())).toBe(4);
  });

  test('a signal outranks every verdict, and tells itself apart', () => {
    expect(statusOf(ran(...VERDICTS), 'SIGINT')).toBe(130);
    expect(statusOf(ran('fail'), 'SIGTERM')).toBe(143);
  });

  test('only a run in which something passed and nothing else counts is 0, and only that has the colour of a pass', () => {
    for (const verdict of VERDICTS) {
      const harmless = verdict === 'pass' || verdict === 'unsupported' || verdict === 'not-run';
      const { exitStatus, word } = runVerdict(ran('pass', verdict), 'itself');
      expect(exitStatus === 0, verdict).toBe(harmless);
      expect(word === 'pass', verdict).toBe(harmless);
    }
  });

  test('what left things behind is not sound, whatever passed', () => {
    expect(runVerdict({ ...ran('pass'), problem: 'a container is left' }, 'itself')).toEqual({
      kind: 'setup-error',
      word: 'setup-error',
      exitStatus: 3,
    });
  });
});

describe('a shard', () => {
  test('is green with what it has, the rest being for others', () => {
    expect(runVerdict({ results: [...ran('pass').results, elsewhere] }, 'itself')).toMatchObject({ exitStatus: 0 });
  });

  test.each([
    ['nothing', []],
    ['nothing that its cells can do', ['unsupported']],
  ] as const)('that has %s is no failure', (_title, verdicts) => {
    const run = { results: [...ran(...verdicts).results, elsewhere] };
    expect(runVerdict(run, 'itself')).toEqual({ kind: 'nothing-here', word: 'not-run', exitStatus: 0 });
  });
});

describe('a run of several shards', () => {
  const missing: Judged = { results: [...ran('pass').results, elsewhere], parts: [part(1), part(3)] };

  test('of which one is missing is incomplete, and has not the colour of a pass', () => {
    expect(runVerdict(missing, 'itself')).toEqual({ kind: 'incomplete', word: 'not-run', exitStatus: 3 });
    expect(missingShards(missing)).toEqual({ numbers: [2], of: 3 });
  });

  test('of which nothing passed is not green', () => {
    expect(statusOf({ ...ran('unsupported'), parts: [part(1), part(2)] })).toBe(4);
  });

  test('is as the worst of them ended, where that is more than their results tell', () => {
    const of = (...parts: NonNullable<Judged['parts']>) => statusOf({ ...ran('pass'), parts });
    expect(of(part(1), part(2), part(3))).toBe(0);
    expect(of(part(1), part(2, 5), part(3))).toBe(0);
    expect(of(part(1), part(2, 143), part(3))).toBe(143);
    expect(of(part(1), part(2, null), part(3, 130))).toBeNull();
    expect(of(part(1), { ...part(2, 3), problem: 'a container is left' }, part(3))).toBe(3);
  });

  test('parted differently tells no numbers', () => {
    expect(missingShards({ parts: [part(1), part(1, 0, 2)] }).numbers).toEqual([]);
  });
});

test('a run that was killed is its worst verdict, and never green', () => {
  expect(statusSoFar(ran('pass', 'pass'))).toBe(5);
  expect(statusSoFar(ran('pass', 'fail'))).toBe(1);
  expect(statusSoFar(ran())).toBe(4);
});
