import { expect, test } from 'vitest';

import { faultHeadPath } from './glyph.ts';
import { freePlace, spanOf } from './labels.ts';

test('a row has its name at the leftmost place that nothing of it takes', () => {
  expect(freePlace('f1 fin', [], [12, 360])).toBe(12);
  expect(freePlace('f1 fin', [[200, 200]], [12, 360])).toBe(12);
  expect(
    freePlace(
      'f1 fin',
      [
        [200, 200],
        [30, 30],
      ],
      [12, 360],
    ),
  ).toBe(39);
  expect(freePlace('claim broken', [[12, 320]], [12, 360])).toBeNull();
});

test('words that would begin beyond the left edge begin at it', () => {
  const [from, to] = spanOf({ x: 100, text: 'x'.repeat(40), end: true }, 12);
  expect(from).toBe(12);
  expect(to).toBeCloseTo(12 + 40 * 6.6);
});

test('what was asked, what was acknowledged and what bit do not look alike', () => {
  const heads = (['asked', 'acknowledged', 'effect'] as const).map((instant) => faultHeadPath(instant, 10, 10));
  // The effect's is filled.
  expect(heads[0]).toBe(heads[2]);
  expect(heads[1]).not.toBe(heads[0]);
});
