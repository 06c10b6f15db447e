import { expect, test } from 'vitest';

import { clockFrom } from './engine-clock.ts';

test('the quickest answer is taken, and half of its round trip is the error', () => {
  const slow = { askedMicros: 1000, saidMicros: 900_000, answeredMicros: 9000 };
  const quick = { askedMicros: 20_000, saidMicros: 520_300, answeredMicros: 20_400 };
  expect(clockFrom([slow, quick])).toEqual({ aheadMicros: 500_100, errorMs: 0.2 });
});

test('a clock that is behind is behind', () => {
  expect(clockFrom([{ askedMicros: 5000, saidMicros: 1000, answeredMicros: 5000 }])).toEqual({
    aheadMicros: -4000,
    errorMs: 0,
  });
});

test('nobody asked, nothing known', () => {
  expect(() => clockFrom([])).toThrow('nobody was asked');
});
