import { expect, test } from 'vitest';

import { sampleVerdict } from '../sample/attempt.ts';
import { momentsOf } from './moments.ts';

const expected = 'each connection of the client fails with timeout on recv';

test('a moment names the invariant that broke, or what the scenario expected, as far as there is room', () => {
  const verdict = sampleVerdict({
    scenario: 'a/b',
    claim: 'c',
    checks: [
      { outcome: 'fail', name: 'expectation', expected, atMs: 12 },
      { outcome: 'fail', name: 'integrity', atMs: 30 },
      { outcome: 'fail', name: 'expectation', expected, atMs: 30.2 },
      { outcome: 'pass', name: 'expectation', expected, atMs: 50 },
    ],
  });
  expect(momentsOf(verdict)).toEqual([
    { atMs: 12, label: 'expected: client fails with timeout on recv' },
    { atMs: 30, label: 'integrity, expected: client fails with time…' },
  ]);
});
