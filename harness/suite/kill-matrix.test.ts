import { describe, expect, test } from 'vitest';

import { killed } from '../evidence/mutants.ts';
import type { TrialResult } from '../evidence/mutants.ts';
import { happeningIn, sentenceOf } from '../evidence/verdict.ts';
import { client, server } from '../scenario/expectation.ts';
import type { Expectation } from '../scenario/expectation.ts';
import { defineScenario } from '../scenario/scenario.ts';
import { BUG_CLASSES, isOfClass } from './bug-classes.ts';
import { loadBugs, unnamedBug } from './bugs.ts';
import type { Bug } from './bugs.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { conclude, gaps, isNamed, rolesOf, trialsOf } from './kill-matrix.ts';

/** Of class B06, which `disconnect/` is about. */
const bug = (name: string): Bug => ({
  name,
  class: 'B06',
  bug: 'it errs',
  violates: 'HOWTO',
  publicCase: 'a/b#1',
  told: 'torn',
});

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

/** The same, with other expectations. */
function expecting({ id, scenario }: CatalogueEntry, expected: Expectation[]): CatalogueEntry {
  return { id, scenario: { ...scenario, expect: expected } };
}

const trial = (change: Partial<TrialResult>): TrialResult => ({
  scenario: 'disconnect/one',
  bug: 'x',
  expected: 'kill',
  role: 'both',
  verdict: 'fail',
  reason: 'a torn message',
  control: 'pass',
  ...change,
});

const told = (...args: Parameters<typeof trialsOf>) =>
  trialsOf(...args).map((each) => `${each.entry.id} ${each.bug.name} ${each.expected}`);

describe('who plays the bug', () => {
  const one = entry('disconnect/one', ['x']);
  const [serverFails, clientFails] = [server.fails({ codes: ['timeout'] }), client.fails({ codes: ['timeout'] })];
  const roles = (says: Expectation[], expected: TrialResult['expected'] = 'kill', referenceFirst = false) =>
    rolesOf({ entry: expecting(one, says), bug: bug('x'), expected }, referenceFirst);

  test('both roles first, as that is the cheapest; or each beside the reference first, where one was asked for', () => {
    expect(roles([clientFails])).toEqual(['both', 'client', 'server']);
    expect(roles([serverFails, clientFails])).toEqual(['both', 'client', 'server']);
    expect(roles([clientFails], 'kill', true)).toEqual(['client', 'server', 'both']);
  });

  test('the server alone, where the scenario says of it alone how it fails: that is what a kill must prove', () => {
    expect(roles([serverFails, client.completes()])).toEqual(['server']);
    expect(roles([serverFails], 'kill', true)).toEqual(['server']);
  });

  test('all, where nobody has promised that it is caught', () => {
    expect(roles([serverFails], 'seek')).toEqual(['both', 'client', 'server']);
    expect(roles([serverFails], 'spare')).toEqual(['both']);
  });
});

describe('the trials', () => {
  const catalogue = [
    entry('disconnect/one', ['x']),
    entry('timeout/two', ['x', 'y']),
    entry('framing/control', [], true),
  ];

  test('a scenario is tried on the bugs that it lists, a control on all', () => {
    expect(told(catalogue, [bug('x'), bug('y')], 'promised')).toEqual([
      'disconnect/one x kill',
      'timeout/two x kill',
      'timeout/two y kill',
      'framing/control x spare',
      'framing/control y spare',
    ]);
  });

  test('of its class only, where that is asked', () => {
    expect(told(catalogue.slice(0, 2), [bug('x'), bug('y')], 'of-class')).toEqual(['disconnect/one x kill']);
  });

  test('or every scenario on every bug', () => {
    expect(told(catalogue.slice(0, 2), [bug('x'), bug('y')], 'every')).toEqual([
      'disconnect/one x kill',
      'disconnect/one y seek',
      'timeout/two x kill',
      'timeout/two y kill',
    ]);
  });

  test('a program of the user’s meets every scenario, a scenario that lists no bug meets every bug', () => {
    expect(told(catalogue, [unnamedBug('mine')], 'promised')).toEqual([
      'disconnect/one mine seek',
      'timeout/two mine seek',
      'framing/control mine spare',
    ]);
    expect(told([entry('own/one', [])], [bug('x')], 'promised')).toEqual(['own/one x seek']);
  });
});

describe('the promises', () => {
  test('a scenario without a fault is a control only if it lists nothing: what it is short of may be its fault', () => {
    expect(told([entry('own/one', ['x'], true)], [bug('x')], 'promised')).toEqual(['own/one x kill']);
  });

  test('those that cannot be kept are named before anything runs', () => {
    const catalogue = [
      entry('disconnect/one', ['z']),
      entry('disconnect/two', []),
      entry('timeout/three', ['y']),
      entry('framing/control', [], true),
    ];
    expect(gaps(catalogue, [bug('x'), bug('y')])).toEqual([
      'disconnect/one kills "z", and there is no such bug',
      'disconnect/two kills no bug: nothing shows that it can fail',
      'no scenario kills "x"',
      'no scenario of its class, B06, kills "y"',
    ]);
  });

  test('a bug that has to answer "unsupported" is no promise: Node sets no TCP_USER_TIMEOUT', () => {
    const { id, scenario } = entry('disconnect/one', ['x', 'y']);
    const catalogue = [{ id, scenario: { ...scenario, params: { ...scenario.params, userTimeoutMs: 1 } } }];
    expect(gaps(catalogue, [bug('x'), { ...bug('y'), language: 'python' }])).toEqual([
      'disconnect/one kills "x", which cannot play it: Node sets no TCP_USER_TIMEOUT',
    ]);
    expect(gaps(catalogue, [unnamedBug('x'), unnamedBug('y')])).toEqual([]);
  });

  test('each of the twelve classes has two bugs, and behaviours that are about it', async () => {
    const bugs = await loadBugs();
    expect(BUG_CLASSES).toHaveLength(12);
    for (const { id } of BUG_CLASSES) expect(bugs.filter((each) => each.class === id).length).toBeGreaterThanOrEqual(2);
    expect(isOfClass('disconnect/one', 'B06')).toBe(true);
    expect(isOfClass('timeout/one', 'B06')).toBe(false);
  });
});

describe('the conclusions', () => {
  const bugs = [bug('x'), bug('y')];

  test('a kill is a fail under the fault and a pass without it', () => {
    expect(killed(trial({}))).toBe(true);
    expect(killed(trial({ verdict: 'unknown' }))).toBe(false);
    expect(killed(trial({ control: 'fail' }))).toBe(false);
  });

  test('a bug that one scenario caught is dead, and a scenario that caught nothing is idle', () => {
    const results = [
      trial({}),
      trial({ scenario: 'disconnect/two', verdict: 'pass' }),
      trial({ scenario: 'disconnect/two', bug: 'y', verdict: 'pass' }),
    ];
    expect(conclude(results, bugs)).toEqual({
      survivors: ['y'],
      outOfClass: [],
      unnamed: [],
      idle: ['disconnect/two'],
      broken: ['disconnect/two says pass of x: a torn message', 'disconnect/two says pass of y: a torn message'],
    });
  });

  test('a bug must be killed by a scenario of its class, and by a sentence that names it', () => {
    const elsewhere = trial({ scenario: 'timeout/one' });
    const mute = trial({ scenario: 'disconnect/two', reason: 'something is wrong' });
    expect(conclude([elsewhere], bugs)).toMatchObject({ survivors: [], outOfClass: ['x'], unnamed: [] });
    expect(conclude([mute], bugs)).toMatchObject({ survivors: [], outOfClass: [], unnamed: ['x'] });
    expect(conclude([elsewhere, mute], bugs)).toMatchObject({ outOfClass: [], unnamed: [] });
  });

  test('a control that fails on a bug, and a bug that fails without a fault, are broken promises', () => {
    const results = [trial({ expected: 'spare', control: null }), trial({ control: 'fail' })];
    expect(conclude(results, bugs).broken).toEqual([
      'disconnect/one, a control, says fail of x: a torn message',
      'x says fail in disconnect/one with the fault off',
    ]);
  });

  test('what nobody promised breaks no promise, but a program that nothing catches survives', () => {
    const sought = trial({ expected: 'seek', verdict: 'pass', control: null });
    expect(conclude([trial({}), sought], bugs)).toMatchObject({ survivors: [], idle: [], broken: [] });
    expect(conclude([{ ...sought, bug: 'mine' }], [unnamedBug('mine')])).toMatchObject({
      survivors: ['mine'],
      idle: [],
      broken: [],
    });
  });

  test('a trial that was not needed proves nothing and breaks nothing', () => {
    expect(conclude([trial({}), trial({ scenario: 'disconnect/two', verdict: null, control: null })], bugs)).toEqual({
      survivors: [],
      outOfClass: [],
      unnamed: [],
      idle: [],
      broken: [],
    });
  });
});

describe('a bug is named by what happened', () => {
  const dripped = { ...bug('x'), told: '^settled: .*timeout' };
  test.each([
    ['of the check that is its own', 'settled: expected an end; it failed with timeout', true],
    ['and not by what was expected', 'settled: expected it fails with timeout; it failed with reset', false],
    ['nor by another check', 'expectation: expected an end; it failed with timeout', false],
  ])('%s', (_title, reason, named) => {
    expect(isNamed(dripped, { reason })).toBe(named);
  });

  test('whatever was expected is told apart from it', () => {
    const check = { name: 'settled', expected: 'one; two; timeout', actual: 'three; four' };
    expect(happeningIn(sentenceOf(check))).toBe('settled: three; four');
  });

  test('every pattern of the seeded bugs says which check, and says more', async () => {
    for (const { told: pattern } of await loadBugs()) {
      for (const way of pattern.split('|^')) expect(way).toMatch(/^\^?(?:[\w-]+|\([\w|-]+\)): .{6,}/u);
    }
  });
});
