import { expect, test } from 'vitest';

import { annotations } from './annotations.ts';
import { sampleAttempt } from './sample/attempt.ts';
import type { AttemptShape } from './sample/attempt.ts';
import { sampleRun } from './sample/run.ts';

const run = (shapes: readonly AttemptShape[]) => sampleRun(shapes.map((shape) => sampleAttempt(shape).result));
const failing = (scenario: string, client: string): AttemptShape => ({
  scenario,
  client,
  claim: `${scenario} holds`,
  verdict: 'fail',
  reason: 'it did not',
});

test('what passed is not annotated', () => {
  expect(annotations(run([{ scenario: 'a/b', claim: 'it holds' }]))).toEqual([]);
});

test('a failure names its claim, its pair, the reason and the line that runs it again', () => {
  const [line = '', ...more] = annotations(run([failing('a/b', 'mine')]));
  expect(line).toMatch(/^::error title=fail%3A a\/b holds \[mine → node\]::it did not%0Anpx halfopen run a\/b /);
  expect(more).toEqual([]);
});

test('an unknown is a warning, after every failure', () => {
  const lines = annotations(
    run([{ scenario: 'a/a', claim: 'x', verdict: 'unknown', reason: 'the host stalled' }, failing('b/b', 'mine')]),
  );
  expect(lines.map((line) => /^::(\w+)/.exec(line)?.[1])).toEqual(['error', 'warning']);
});

test('there are ten at most: each scenario before any a second time, and the rest counted', () => {
  const shapes = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'].flatMap((name) =>
    ['first', 'second', 'third'].map((client) => failing(`many/${name}`, client)),
  );
  const lines = annotations(run(shapes));
  expect(lines).toHaveLength(10);
  expect(new Set(lines.slice(0, 8).map((line) => /many\/\w+ holds/.exec(line)?.[0])).size).toBe(8);
  expect(lines.at(-1)).toBe('::notice title=Halfopen::15 more cases that did not pass: see the report');
});

test('ten failures are ten annotations', () => {
  const shapes = Array.from({ length: 10 }, (_, index) => failing(`ten/${index}`, 'mine'));
  const lines = annotations(run(shapes));
  expect(lines.filter((line) => line.startsWith('::error'))).toHaveLength(10);
});

test("a subject's words cannot end the line or begin a command of their own", () => {
  const reason = 'said 100%\n::error::mine\r\u001b[31m';
  const [line = ''] = annotations(run([{ ...failing('a/b', 'mine'), claim: 'a, b: c', reason }]));
  expect(line).toContain('title=fail%3A a%2C b%3A c [mine → node]::said 100%25%0A::error::mine');
  for (const control of ['\n', '\r', '\u001b']) expect(line).not.toContain(control);
});

test('of a long reason the line that runs it again is left whole', () => {
  const [line = ''] = annotations(run([{ ...failing('a/b', 'mine'), reason: 'x'.repeat(5_000) }]));
  expect(line).toMatch(/\(4000 characters more\)%0Anpx halfopen run a\/b .*--seed \w+$/);
});
