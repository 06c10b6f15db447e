import { expect, test } from 'vitest';

import { storyScale } from './story-scale.ts';
import { breaksOf } from './ticks.ts';

test('a silence says how long it was only where there is room for it beside the others', () => {
  // Nothing but an instant lies between one silence and the next.
  const times = [0, 0.2, 0.4, 40, 90, 150, 150.2, 150.4];
  const scale = storyScale([...times, ...Array.from({ length: 40 }, (_, index) => 151 + index * 0.2)]);
  const labels = (pixels: number): string[] => breaksOf(scale, { from: 0, to: 1, pixels }).map(({ label }) => label);
  expect(labels(100)).toEqual(['', '', '']);
  expect(labels(2000)).toEqual(['+40 ms', '+50 ms', '+60 ms']);
  const [first, ...narrow] = breaksOf(scale, { from: 0, to: 1, pixels: 1 });
  const widthOf = (each: typeof first): number => (each === undefined ? 0 : each.toPlace - each.fromPlace);
  const pixels = 37 / Math.min(widthOf(first), ...narrow.map(widthOf));
  expect(labels(pixels), 'the one between two others').toEqual(['+40 ms', '', '+60 ms']);
});
