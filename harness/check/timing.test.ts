import { expect, test } from 'vitest';

import { boundMiss, pauseMiss } from './timing.ts';

test('a bound may be missed early by a fifth of it, and no more', () => {
  expect(boundMiss('it', 240, 300, { stalledMs: 0 })).toBeNull();
  expect(boundMiss('it', 239, 300, { stalledMs: 0 })).toEqual({
    expected: 'it after 300 ms',
    actual: 'it came after 239 ms',
  });
});

test('of a long bound a tenth of a second is the most', () => {
  expect(boundMiss('it', 1_900, 2_000, { stalledMs: 0 })).toBeNull();
  expect(boundMiss('it', 1_899, 2_000, { stalledMs: 0 })).not.toBeNull();
});

test('a deadline of 300 ms that takes the default of a second instead is late, but not on a host that stalled', () => {
  expect(boundMiss('it', 800, 300, { stalledMs: 0 })).toBeNull();
  expect(boundMiss('it', 1_000, 300, { stalledMs: 0 })).not.toBeNull();
  expect(boundMiss('it', 1_000, 300, { stalledMs: 100 })).toBeNull();
});

test('a pause has a lower bound only', () => {
  expect(pauseMiss('a pause', 119, 150)).not.toBeNull();
  expect(pauseMiss('a pause', 120, 150)).toBeNull();
  expect(pauseMiss('a pause', 60_000, 150)).toBeNull();
});
