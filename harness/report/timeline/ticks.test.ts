import { expect, test } from 'vitest';

import { storyScale } from './story-scale.ts';
import { breaksOf } from './ticks.ts';

test('a silence says how long it was only where there is room for it', () => {
  const times = Array.from({ length: 60 }, (_, index) => index * 0.5 + Math.floor(index / 10) * 1234);
  const scale = storyScale(times);
  const labels = (pixels: number): string[] => breaksOf(scale, { from: 0, to: 1, pixels }).map(({ label }) => label);
  expect(labels(200).join('')).toBe('');
  expect(labels(2000)).toEqual(Array.from({ length: 5 }, () => '+1,235 ms'));
});
