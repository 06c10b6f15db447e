import { expect, test } from 'vitest';

import { count, counted, duration, millis } from './quantity.ts';

test('numbers have their thousands marked', () => {
  expect([count(0), count(999), count(1000), count(1_234_567)]).toEqual(['0', '999', '1,000', '1,234,567']);
});

test('a count agrees with its noun', () => {
  expect([counted(1, 'byte'), counted(2048, 'byte'), counted(0, 'match', 'matches')]).toEqual([
    '1 byte',
    '2,048 bytes',
    '0 matches',
  ]);
});

test('times are rounded to a tenth, and never show a negative zero', () => {
  expect([millis(0.04), millis(12.36), millis(1003.25), millis(-0.01), millis(-2.5)]).toEqual([
    '0.0 ms',
    '12.4 ms',
    '1,003.3 ms',
    '0.0 ms',
    '−2.5 ms',
  ]);
});

test('durations are told in the unit a person would use', () => {
  expect([duration(840), duration(12_400), duration(185_000)]).toEqual(['840 ms', '12.4 s', '3 min 05 s']);
});
