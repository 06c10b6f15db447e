import { expect, test } from 'vitest';

import { samplePlan } from '../sample/attempt.ts';
import { describeExpectation, describeSeen } from './expectation-words.ts';
import { describeFault } from './fault-words.ts';

const planned = (fault: Record<string, unknown>) => {
  const [first] = samplePlan({ scenario: 'a/b', claim: 'c', fault: { kind: 'swallow', ...fault } as never }).faults;
  if (first === undefined) throw new Error('no fault');
  return first;
};

test('a planned fault is a sentence, whatever its keys', () => {
  expect(describeFault(planned({}))).toBe('swallow at byte 4,112 (server → client), armed before connect');
  const when = { on: 'event', role: 'client', event: 'received', nth: 2, afterMs: 0 };
  expect(describeFault(planned({ when, forMs: 1500 }))).toBe(
    "swallow at byte 4,112 (server → client), at the client's second received, for 1,500 ms",
  );
  expect(describeFault(planned({ when: { ...when, afterMs: 700 } }))).toBe(
    "swallow at byte 4,112 (server → client), 700 ms after the client's second received",
  );
  expect(describeFault(planned({ when: { on: 'time', afterMs: 40 }, connections: [2] }))).toBe(
    "swallow at byte 4,112 (server → client), 40 ms after the client's start, connection 2 only",
  );
});

test('a script is told by what its steps do', () => {
  const steps = [
    { do: 'take', seq: 0 },
    { do: 'send', hex: 'ff' },
  ];
  const script = { ...planned({}), kind: 'script', role: 'server', steps, direction: undefined, at: undefined };
  expect(describeFault(script as never)).toMatch(/^script the server steps take, send/);
});

test('expectations and preconditions are sentences', () => {
  const { expect: expectations, seen } = samplePlan({ scenario: 'a/b', claim: 'c' });
  expect(expectations.map(describeExpectation)).toEqual([
    'the client fails with timeout, 1,000 to 1,000 ms after the fault',
  ]);
  expect(seen.map(describeSeen)).toEqual(["the client's received"]);
});
