import { describe, expect, test } from 'vitest';

import { casesOf, columnsOf, urgentCases } from './cases.ts';
import { sampleAttempt } from './sample/attempt.ts';
import type { AttemptShape } from './sample/attempt.ts';
import { sampleRun } from './sample/run.ts';

const shape: AttemptShape = { scenario: 'framing/whole', claim: 'messages are delivered whole' };
const result = (more: Partial<AttemptShape> = {}) => sampleAttempt({ ...shape, ...more }).result;

describe('a case', () => {
  test('holds the fault and the control of one scenario and pair, the fault first', () => {
    const [only, ...others] = casesOf(sampleRun([result({ variant: 'control' }), result()]));
    expect(others).toEqual([]);
    expect(only?.results.map(({ variant }) => variant)).toEqual(['fault', 'control']);
  });

  test('is broken when its control is, however well the fault went', () => {
    const [only] = casesOf(
      sampleRun([result(), result({ variant: 'control', verdict: 'fail', reason: 'it crashed' })]),
    );
    expect(only).toMatchObject({ verdict: 'fail', decisive: { variant: 'control', reason: 'it crashed' } });
  });

  test('has an id that can stand in a hash, whatever its subjects are called', () => {
    const [only] = casesOf(sampleRun([result({ client: 'my client & co', server: 'x"y#z' })]));
    expect(only?.id).toBe('framing/whole/local-wire/x~22y~23z+my~20client~20~26~20co');
  });
});

test('columns go by place, then client, then server', () => {
  const pairs = [
    ['python', 'node'],
    ['node', 'python'],
    ['node', 'go'],
  ] as const;
  const cases = casesOf(sampleRun(pairs.map(([client, server]) => result({ client, server }))));
  expect(columnsOf(cases).map(({ client, server }) => `${client} ${server}`)).toEqual([
    'node go',
    'node python',
    'python node',
  ]);
});

test('what needs a reader comes by urgency, and a pass never does', () => {
  const words = ['pass', 'unknown', 'unsupported', 'fail', 'setup-error'] as const;
  const cases = casesOf(sampleRun(words.map((verdict) => result({ scenario: `framing/${verdict}`, verdict }))));
  expect(urgentCases(cases).map(({ verdict }) => verdict)).toEqual(['fail', 'setup-error', 'unknown']);
});
