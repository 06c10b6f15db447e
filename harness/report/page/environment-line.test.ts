import { expect, test } from 'vitest';

import { casesOf } from '../cases.ts';
import { renderCase } from '../render.ts';
import { sampleAttempt } from '../sample/attempt.ts';
import { sampleRun } from '../sample/run.ts';
import { environmentLine } from './environment-line.ts';

const words = (markup: string | undefined): string =>
  (markup ?? '')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
const told = (environment: unknown): string => words(environmentLine(environment)?.text);

test('a case says where it ran, as far as that is known', () => {
  const whole = {
    commit: '0123456789abcdef',
    node: 'v24.1.0',
    platform: 'linux',
    kernel: '6.1',
    architecture: 'x64',
    cores: 2,
  };
  expect(told({ ...whole, swept: [] })).toBe(
    'Ran on linux, kernel 6.1, x64, 2 cores, Node v24.1.0, commit 0123456789ab (environment.json).',
  );
  expect(told({ cores: 1, engine: '28.0', node: { odd: true } })).toContain('Ran on 1 core, container engine 28.0 (');
  expect(environmentLine(null)).toBeNull();
  expect(environmentLine('odd')).toBeNull();
});

test('in a merged run it says what all parts have in common, and that there is more', () => {
  const parts = [
    { run: 'a', differs: { cores: 2 } },
    { run: 'b', differs: {} },
  ];
  expect(told({ node: 'v24', parts })).toMatch(/^Ran on Node v24 .* what is not the same for all of them is told/);
  expect(told({ node: 'v24', parts: parts.slice(1) })).toBe('Ran on Node v24 (environment.json).');
});

test('it stands on the page of each case', async () => {
  const { result } = sampleAttempt({ scenario: 'framing/clean', claim: 'a clean exchange is clean' });
  const pages = casesOf(sampleRun([result])).map((each) => renderCase(each, '7', async () => null, { node: 'v24' }));
  expect(words((await Promise.all(pages))[0])).toContain('Ran on Node v24 (environment.json).');
});
