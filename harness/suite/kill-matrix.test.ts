import { describe, expect, test } from 'vitest';

import { client } from '../scenario/expectation.ts';
import { defineScenario } from '../scenario/scenario.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { conclude, gaps, killed, trialsOf } from './kill-matrix.ts';
import type { TrialResult } from './kill-matrix.ts';

const bug = (name: string) => ({ name, bug: 'it errs', violates: 'HOWTO', publicCase: 'a/b#1' });

function entry(id: string, kills: string[], control = false): CatalogueEntry {
  const scenario = defineScenario({
    claim: 'A claim that is long enough',
    source: { passage: 'HOWTO, Using a Socket', requires: 'Something that is long enough' },
    workload: 'echo',
    params: {},
    faults: control ? [] : [{ kind: 'refuse' }],
    expect: [client.completes()],
    kills,
  });
  return { id, scenario };
}

const trial = (change: Partial<TrialResult>): TrialResult => ({
  scenario: 'a/one',
  bug: 'x',
  expected: 'kill',
  role: 'both',
  verdict: 'fail',
  reason: 'why',
  control: 'pass',
  ...change,
});

describe('the trials', () => {
  test('a scenario is tried on the bugs that it lists, a control on all', () => {
    const trials = trialsOf([entry('a/one', ['x']), entry('a/control', [], true)], [bug('x'), bug('y')]);
    expect(trials.map((each) => [each.entry.id, each.bug.name, each.expected])).toEqual([
      ['a/one', 'x', 'kill'],
      ['a/control', 'x', 'spare'],
      ['a/control', 'y', 'spare'],
    ]);
  });

  test('promises that cannot be kept are named before anything runs', () => {
    expect(gaps([entry('a/one', ['z']), entry('a/two', []), entry('a/control', [], true)], [bug('x')])).toEqual([
      'a/one kills "z", and there is no such bug',
      'a/two kills no bug: nothing shows that it can fail',
      'no scenario kills "x"',
    ]);
  });
});

describe('the conclusions', () => {
  test('a kill is a fail under the fault and a pass without it', () => {
    expect(killed(trial({}))).toBe(true);
    expect(killed(trial({ verdict: 'unknown' }))).toBe(false);
    expect(killed(trial({ control: 'fail' }))).toBe(false);
  });

  test('a bug that one scenario caught is dead, and a scenario that caught nothing is idle', () => {
    const matrix = conclude([
      trial({}),
      trial({ scenario: 'a/two', verdict: 'pass' }),
      trial({ scenario: 'a/two', bug: 'y', verdict: 'pass' }),
    ]);
    expect(matrix.survivors).toEqual(['y']);
    expect(matrix.idle).toEqual(['a/two']);
    expect(matrix.broken).toEqual(['a/two says pass of x: why', 'a/two says pass of y: why']);
  });

  test('a control that fails on a bug, and a bug that fails without a fault, are broken promises', () => {
    const matrix = conclude([trial({ expected: 'spare', control: null }), trial({ control: 'fail' })]);
    expect(matrix.broken).toEqual(['a/one, a control, says fail of x: why', 'x says fail in a/one with the fault off']);
  });

  test('a trial that was not needed proves nothing and breaks nothing', () => {
    expect(conclude([trial({}), trial({ scenario: 'a/two', verdict: null, control: null })]).broken).toEqual([]);
  });
});
