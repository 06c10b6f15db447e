import { expect, test } from 'vitest';

import { sampleAttempt } from '../harness/report/sample/attempt.ts';
import { notPassedRow } from './not-passed.ts';
import { statusOf } from './row.ts';

const measured = { measure: 'a time', value: 1, unit: 'ms' };

test('measurements end well where each bound that was asked for is kept', () => {
  expect(statusOf([])).toBe(0);
  expect(statusOf([measured, { ...measured, asked: 'at most 2', kept: true }])).toBe(0);
});

test('one bound that is missed makes the status 1', () => {
  const kept = { ...measured, asked: 'at most 2', kept: true };
  expect(statusOf([kept, { ...kept, kept: false }, kept])).toBe(1);
});

test('what was timed must have passed, but for what its subject says that it cannot do', () => {
  const { result } = sampleAttempt({ scenario: 'framing/whole', claim: 'a message is whole' });
  const came = (verdict: typeof result.verdict) => ({ ...result, verdict });
  expect(notPassedRow([came('pass'), came('unsupported')], 'one cell')).toMatchObject({ value: 0, kept: true });
  expect(notPassedRow([came('pass'), came('unknown')], 'one cell')).toEqual({
    measure: 'scenarios that did not pass, one cell',
    value: 1,
    unit: 'framing/whole: unknown',
    asked: '0',
    kept: false,
  });
});
