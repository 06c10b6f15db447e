import { expect, test } from 'vitest';
import { countResults, gateStatus } from './count.ts';

const file = (status: string, ...tests: string[]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: tests.map((each) => ({ fullName: 'it works', status: each })),
});

test('passed, failed and other tests are counted over all files', () => {
  const json = { testResults: [file('passed', 'passed', 'skipped'), file('failed', 'failed', 'passed', 'failed')] };
  expect(countResults(json)).toEqual({ passed: 2, failed: 2, notRun: 1 });
});

test('a file that could not be run is a failure of its own', () => {
  expect(countResults({ testResults: [file('failed'), file('failed', 'passed')] })).toEqual({
    passed: 1,
    failed: 2,
    notRun: 0,
  });
});

test('the gate opens only when tests ran, none failed and the runner ended well', () => {
  expect(gateStatus({ passed: 3, failed: 0, notRun: 1 }, 0)).toBe(0);
  expect(gateStatus({ passed: 3, failed: 1, notRun: 0 }, 1)).toBe(1);
  expect(gateStatus({ passed: 3, failed: 0, notRun: 0 }, 1)).toBe(1);
  expect(gateStatus({ passed: 0, failed: 0, notRun: 0 }, 0)).toBe(1);
});
