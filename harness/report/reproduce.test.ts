import { execFileSync } from 'node:child_process';

import { expect, test } from 'vitest';

import { annotations } from './annotations.ts';
import { casesOf } from './cases.ts';
import { renderJunit } from './junit.ts';
import { casePage } from './page/case-page.ts';
import { reproduceLine, shellWord } from './reproduce.ts';
import { sampleAttempt } from './sample/attempt.ts';
import { sampleRun } from './sample/run.ts';
import { renderSummary } from './summary.ts';

const place = {
  scenario: 'framing/whole',
  server: 'node',
  client: 'python',
  cell: 'local',
  proxy: 'wire',
  variant: 'fault',
} as const;

test('the line names scenario, pair and seed, and leaves out what is the default', () => {
  expect(reproduceLine(place, '7')).toBe('npx halfopen run framing/whole --server node --client python --seed 7');
});

test('the line names a cell and a proxy that are not the default', () => {
  expect(reproduceLine({ ...place, proxy: 'toxiproxy' }, '7')).toContain('--seed 7 --proxy toxiproxy');
  expect(reproduceLine({ ...place, cell: 'docker' }, '7')).toContain('--cell docker --proxy wire');
});

test('the line of a control leaves the faults out as well', () => {
  expect(reproduceLine({ ...place, variant: 'control' }, '7')).toMatch(/ --seed 7 --control$/);
});

test('every document says that a result was a control, and gives its line', () => {
  const { result } = sampleAttempt({ scenario: 'a/b', claim: 'c', variant: 'control', verdict: 'fail' });
  const run = sampleRun([result]);
  const [of] = casesOf(run);
  if (of === undefined) throw new Error('there is no case');
  const record = { run, ended: true, environment: null, mutants: null, problems: [] };
  const page = casePage(of, [], '7').text.replaceAll(/<[^>]*>/g, '');
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

test.each(['a\nb', '\u001b[31m', "x\t'\\", 'a\u202eb é'])(
  'bash reads the word %j back, and a reader sees all of it',
  (word) => {
    const shown = shellWord(word);
    expect(shown).toMatch(/^[ -~é]+$/);
    const read = execFileSync('bash', ['-c', `printf '%s|' ${shown} end`], { encoding: 'utf8' });
    expect(read).toBe(`${word}|end|`);
  },
);
