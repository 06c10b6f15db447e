import { expect, test } from 'vitest';

import type { VerdictWord } from '../evidence/verdict.ts';
import { headlineOf } from './headline.ts';
import { renderJunit } from './junit.ts';
import { killMatrix } from './mutants.ts';
import { killPart } from './page/kill-part.ts';
import { sampleAttempt } from './sample/attempt.ts';
import { sampleRun } from './sample/run.ts';
import { renderSummary } from './summary.ts';

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
    bugs: [bug('torn'), bug('deaf'), bug('not-met')],
    trials: [],
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
  const page = killPart(matrix, ['deaf survived every scenario']).text;
  expect(page).toContain('<li>deaf survived every scenario</li>');
  expect(page.match(/proved nothing, though claimed to be killed/g)).toHaveLength(1);
  expect(page.match(/<td class="killed">/g)).toHaveLength(1);
  expect(killPart(matrix, []).text).toContain('Every seeded bug is killed');
});

const tried = {
  scenario: 'a/one',
  bug: 'torn',
  expected: 'kill' as const,
  role: 'both' as const,
  verdict: 'fail' as const,
  reason: 'torn',
  control: 'pass' as const,
};
test('a sign of the kill matrix leads to its case, and says what killed; a control that spares is no survivor', () => {
  const run = sampleRun([
    { ...met('a/one', 'torn', 'pass'), variant: 'control' },
    { ...met('a/one', 'torn', 'fail'), reason: 'integrity: torn' },
    met('a/clean', 'torn', 'pass'),
    met('a/clean', 'deaf', 'fail'),
  ]);
  const spare = { ...tried, scenario: 'a/clean', expected: 'spare' as const };
  const matrix = killMatrix(run, {
    bugs: [bug('torn'), bug('deaf')],
    trials: [tried, spare, { ...spare, bug: 'deaf' }],
    claims: { 'a/one': ['torn'] },
  });
  expect(matrix.kills.map(({ scenario, bug: name, fate }) => `${scenario} ${name} ${fate}`)).toEqual([
    'a/clean torn spared',
    'a/clean deaf blamed',
    'a/one torn killed',
    'a/one deaf not-run',
  ]);
  expect(matrix.alive).toEqual(['deaf']);
  const page = killPart(matrix, []).text.replaceAll(/\s+/g, ' ');
  expect(page).toContain('<a href="#a/one/local-wire/node+torn" title="integrity: torn"');
  expect(page).toContain('– spared by a control, as it should be');
  expect(page).toContain('not spared, though this is a control</span>');
});

test('the names of few bugs stand from left to right, those of many upright', () => {
  const part = (names: readonly string[]): string =>
    killPart({ scenarios: [], bugs: names.map(bug), kills: [], alive: [], broken: [] }, []).text;
  expect(part(['torn', 'deaf'])).toContain('kill-part fits');
  expect(part(Array.from({ length: 40 }, (_, index) => `bug-${index}`))).not.toContain('kill-part fits');
});

const NOTHING_WRONG = { survivors: [], outOfClass: [], unnamed: [], idle: [], broken: [], whole: true, gaps: [] };

test('a run of seeded bugs is told by its kills: a fail of a bug is no broken claim', () => {
  const run = sampleRun([met('a/one', 'torn', 'fail')]);
  const mutants = {
    bugs: [bug('torn')],
    classes: [],
    claims: { 'a/one': ['torn'] },
    trials: [tried],
    ...NOTHING_WRONG,
  };
  const record = { run: { ...run, exitStatus: 0 }, ended: true, environment: null, mutants, problems: [] };
  const good = renderSummary(record);
  expect(good).toContain('## Halfopen: 1 seeded bug killed');
  expect(good).toContain('exit status 0: every bug was killed');
  expect(good).not.toContain('### ');
  const lost = { ...record, run: { ...run, exitStatus: 1 }, mutants: { ...mutants, survivors: ['torn'] } };
  expect(renderSummary(lost)).toContain('## Halfopen: 1 of 1 seeded bug survived');
  expect(renderSummary(lost)).toContain('- torn survived every scenario');
  expect(renderJunit(record)).toContain('tests="5" failures="0" errors="0" skipped="0"');
  const untried = { ...mutants, bugs: [bug('torn'), bug('deaf')] };
  expect(renderJunit({ ...record, mutants: untried })).toContain('<skipped message="not tried in this run"/>');
  const xml = renderJunit({ ...lost, mutants: { ...lost.mutants, idle: ['a/one'], broken: ['a/one missed torn'] } });
  expect(xml).toContain('tests="5" failures="3" errors="0" skipped="0"');
  expect(xml).toContain('<testcase name="torn is killed" classname="bugs.B05" time="0.000">');
  expect(xml).toContain('message="it survived every scenario"');
  expect(xml).toContain('message="a/one missed torn"');
});

test('a bug that met controls only is no bug that was killed', () => {
  const mutants = {
    bugs: [bug('torn'), bug('deaf')],
    classes: [],
    claims: {},
    trials: [tried, { ...tried, bug: 'deaf', expected: 'spare' as const, verdict: 'pass' as const, control: null }],
    ...NOTHING_WRONG,
  };
  const run = sampleRun([met('a/one', 'torn', 'fail')], { exitStatus: 4 });
  const record = { run, ended: true, environment: null, mutants, problems: [] };
  expect(renderSummary(record)).toContain('## Halfopen: 1 seeded bug killed');
  const none = { ...record, mutants: { ...mutants, trials: mutants.trials.slice(1) } };
  expect(headlineOf(none)).toEqual({
    tone: 'not-run',
    sentence: 'No seeded bug was to be killed: only controls were tried',
  });
  expect(renderSummary(none)).toContain('exit status 4: nothing was to be killed');
});

test('a promise that cannot be kept is told in every document', () => {
  const mutants = { bugs: [bug('torn')], classes: [], claims: {}, trials: [tried], ...NOTHING_WRONG };
  const gap = 'no scenario kills "deaf"';
  const run = sampleRun([met('a/one', 'torn', 'fail')], { exitStatus: 1 });
  const record = { run, ended: true, environment: null, mutants: { ...mutants, gaps: [gap] }, problems: [] };
  expect(renderSummary(record)).toContain('1 promise not kept');
  expect(renderSummary(record)).toContain('- no scenario kills "deaf"');
  expect(renderJunit(record)).toContain('failures="1" errors="0" skipped="0"');
});

test('a run of seeded bugs that was stopped is no good one in any document', () => {
  const mutants = { bugs: [bug('torn')], classes: [], claims: {}, trials: [], ...NOTHING_WRONG };
  const record = { run: sampleRun([], { exitStatus: 130 }), ended: true, environment: null, mutants, problems: [] };
  expect(renderSummary(record)).toContain('## Halfopen: Interrupted: 0 trials made');
  expect(renderJunit(record)).toContain('failures="0" errors="1"');
});
