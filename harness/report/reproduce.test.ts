import { execFileSync } from 'node:child_process';

import { describe, expect, test } from 'vitest';

import type { Run } from '../evidence/run.ts';
import { annotations } from './annotations.ts';
import { casesOf } from './cases.ts';
import { renderJunit } from './junit.ts';
import { casePage } from './page/case-page.ts';
import { reproducer, shellWord } from './reproduce.ts';
import { sampleAttempt } from './sample/attempt.ts';
import { sampleRun } from './sample/run.ts';
import { renderSummary } from './summary.ts';

const sample = sampleAttempt({ scenario: 'framing/whole', claim: 'c' }).result;
const place = {
  scenario: 'framing/whole',
  server: 'node',
  client: 'python',
  cell: 'local',
  proxy: 'wire',
  variant: 'fault',
} as const;
const line = (of: Parameters<ReturnType<typeof reproducer>>[0], more: Partial<Run> = {}, results = [sample]): string =>
  reproducer(sampleRun(results, more))(of);

test('the line names scenario, pair and seed, and leaves out what is the default', () => {
  expect(line(place)).toBe('npx halfopen run framing/whole --server node --client python --seed 7');
});

test('the line names a cell and a proxy that are not the default', () => {
  expect(line({ ...place, proxy: 'toxiproxy' })).toContain('--seed 7 --proxy toxiproxy');
  expect(line({ ...place, cell: 'docker' })).toContain('--cell docker --proxy wire');
});

test("the line asks for the kernel's clocks that the run asked for", () => {
  const of = { ...place, cell: 'docker', kernel: 'fast' } as const;
  expect(line(of)).toContain('--cell docker --proxy wire --kernel fast');
  expect(line({ ...of, kernel: 'stock' })).toContain(' --kernel stock');
});

test('the line of a control leaves the faults out as well', () => {
  expect(line({ ...place, variant: 'control' })).toMatch(/ --seed 7 --control$/);
});

describe('what a configuration may have another default for is in the line', () => {
  const told = (...args: string[]): Partial<Run> => ({ command: ['run', ...args] });
  const again = { ...sample, repetition: 2 };
  const other = { ...sample, proxy: 'toxiproxy' as const };

  test.each([
    ['which the run was told', told('--cell', 'local'), [sample], '--cell local'],
    ['which the run was told in one word', told('--cell=local', '--repeat=1'), [sample], '--cell local --repeat 1'],
    ['of several proxies', {}, [sample, other], '--proxy wire'],
    ['of a proxy that was named', told('--proxy', 'wire,toxiproxy'), [sample], '--proxy wire'],
    ['of repetitions', {}, [sample, again], '--repeat 1'],
    ['of what failed before', told('--last-failed'), [sample], '--cell local --proxy wire'],
    ['of a run that was killed', { exitStatus: null }, [sample], '--proxy wire --repeat 1'],
    ['of a run that says nothing of itself', { command: [] }, [sample], '--cell local --proxy wire --repeat 1'],
    [
      'of any part',
      { parts: [{ run: 'x', exitStatus: 0, command: ['run', '--repeat', '1'] }] },
      [sample],
      '--repeat 1',
    ],
    ['of seeded bugs', { command: ['mutants', 'a/b'] }, [sample], '--cell local --proxy wire --repeat 1'],
  ])('%s', (_, more, results, flags) => {
    expect(line(place, more, results)).toBe(
      `npx halfopen run framing/whole --server node --client python --seed 7 ${flags}`,
    );
  });
});

test('a scenario that is not of the catalogue is tried again as it was tried', () => {
  const args = ['whole', '--scenarios', 'my own', '--cells', '1', '--every', '--seed', '3'];
  const again = (...bugs: string[]) => line(place, { command: ['mutants', ...args, ...bugs] });
  expect(again()).toBe("npx halfopen mutants framing/whole --scenarios 'my own' --every --seed 7");
  expect(again('--bug', 'a,python', '--bug=c')).toContain(' framing/whole --bug python --scenarios ');
  expect(again('--bug', 'a')).not.toContain('--bug');
});

test('every document says that a result was a control, and gives its line', () => {
  const { result } = sampleAttempt({ scenario: 'a/b', claim: 'c', variant: 'control', verdict: 'fail' });
  const run = sampleRun([result]);
  const [of] = casesOf(run);
  if (of === undefined) throw new Error('there is no case');
  const record = { run, ended: true, environment: null, mutants: null, problems: [] };
  const page = casePage(of, [], reproducer(run)(of.decisive)).text.replaceAll(/<[^>]*>/g, '');
  expect(page).toContain('node → node, control');
  expect(page).toContain('--seed 7 --control');
  expect(renderSummary(record)).toContain('node → node, control, local cell');
  expect(renderSummary(record)).toContain('✗ fail, control');
  expect(renderJunit(record)).toContain('[node → node, local wire, control]');
  expect(annotations(run)[0]).toContain('[node → node%2C control]');
  expect(annotations(run)[0]).toContain('--control');
});

test.each(['plain', "it's", 'a b', '$(reboot)', '`x`', '', '*', '--flag', '~'])(
  'a shell reads the word %j back as it was',
  (word) => {
    const read = execFileSync('sh', ['-c', `printf '%s|' ${shellWord(word)} end`], { encoding: 'utf8' });
    expect(read).toBe(`${word}|end|`);
  },
);

test.each(['a\nb', '\u001b[31m', "x\t'\\", 'a\u202eb é', '\ufeff\u{e0041}\ufe0f\u3164'])(
  'bash reads the word %j back, and a reader sees all of it',
  (word) => {
    const shown = shellWord(word);
    expect(shown).toMatch(/^[ -~é]+$/);
    const read = execFileSync('bash', ['-c', `printf '%s|' ${shown} end`], { encoding: 'utf8' });
    expect(read).toBe(`${word}|end|`);
  },
);
