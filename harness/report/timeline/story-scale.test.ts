import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { instantAt, linearScale, placeOf, placesOf, storyScale } from './story-scale.ts';

const burst = (fromMs: number, count: number) => Array.from({ length: count }, (_, index) => fromMs + index * 0.2);

describe('the story scale', () => {
  test('gives a burst of milliseconds more room than the second of silence after it', () => {
    const scale = storyScale([...burst(0, 40), 1008]);
    const burstEnd = placeOf(scale, 7.8);
    expect(burstEnd).toBeGreaterThan(0.5);
    expect(scale.silences).toEqual([{ fromMs: 7.800000000000001, toMs: 1008 }]);
  });

  test('gives what sets the stage less room than the story', () => {
    const instants = [0, 100, 101, 102, 400, 401, 402];
    const even = storyScale(instants);
    const staged = storyScale(instants, 399);
    expect(placeOf(staged, 102)).toBeLessThan(placeOf(even, 102) * 0.9);
    expect(placeOf(staged, 402)).toBe(placeOf(even, 402));
  });

  test('is the linear scale where no silence stands out', () => {
    const instants = burst(0, 50);
    expect(storyScale(instants)).toEqual(linearScale(0, instants.at(-1) ?? 0));
  });

  test('takes one instant, and none', () => {
    expect(placeOf(storyScale([5]), 5)).toBeCloseTo(0.012);
    expect(placeOf(storyScale([]), 0)).toBeCloseTo(0.012);
  });

  test('rises everywhere, stays inside, and can be turned round', () => {
    const instants = fc.array(fc.double({ min: 0, max: 60_000, noNaN: true }), { minLength: 2, maxLength: 200 });
    fc.assert(
      fc.property(instants, (unordered) => {
        const ordered = [...unordered].sort((a, b) => a - b);
        const scale = storyScale(ordered);
        const places = ordered.map((atMs) => placeOf(scale, atMs));
        expect(places).toEqual([...places].sort((a, b) => a - b));
        expect(places.at(-1)).toBeLessThanOrEqual(1);
        const errorsMs = places.map((place, index) => Math.abs(instantAt(scale, place) - (ordered[index] ?? 0)));
        expect(Math.max(...errorsMs)).toBeLessThan(1e-4);
      }),
    );
  });
});

test('many instants are placed as each alone, in whatever order they come', () => {
  const scale = storyScale([0, 1, 2, 3, 4, 1000, 1001, 1002, 3000, 3001]);
  expect(scale.silences).not.toEqual([]);
  const instants = Float64Array.from([-5, 0, 2.5, 4, 700, 1000, 3, 2999, 3001, 9000, 1]);
  expect(placesOf(scale, instants)).toEqual(instants.map((atMs) => placeOf(scale, atMs)));
});
