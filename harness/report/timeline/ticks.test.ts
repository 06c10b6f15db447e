import { expect, test } from 'vitest';

import { linearScale, storyScale } from './story-scale.ts';
import { breaksOf, ticksOf } from './ticks.ts';

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

test('a label that an edge of the view would cut is left out, its tick is not', () => {
  const scale = linearScale(0, 1000);
  const [from, to] = [0.3, 0.7];
  const ticks = ticksOf(scale, { from, to, pixels: 2500 });
  const half = 25 / 2500;
  expect(ticks.length).toBeGreaterThan(5);
  expect(ticks.filter(({ label }) => label === '').length).toBeGreaterThan(0);
  for (const { place, label } of ticks) {
    const isNear = place - from < half - 0.004 || to - place < half - 0.004;
    expect(label === '', `${place} ${label}`).toBe(isNear);
  }
});

test('the lengths of two silences never touch', () => {
  const times = [0, 0.2, 0.4, 40, 90, 150, 150.2, 150.4];
  const scale = storyScale([...times, ...Array.from({ length: 40 }, (_, index) => 151 + index * 0.2)]);
  for (let pixels = 200; pixels < 3000; pixels += 10) {
    const told = breaksOf(scale, { from: 0, to: 1, pixels }).filter(({ label }) => label !== '');
    const spans = told.map(({ fromPlace, toPlace, label }) => {
      const middle = ((fromPlace + toPlace) / 2) * pixels;
      return { left: middle - label.length * 3.5, right: middle + label.length * 3.5 };
    });
    const gaps = spans.slice(1).map(({ left }, index) => left - (spans[index]?.right ?? 0));
    expect(Math.min(Infinity, ...gaps)).toBeGreaterThanOrEqual(8);
  }
});

test('no two labels of the axis touch, however long their numbers are', () => {
  const bursts = Array.from({ length: 7 }, (_, burst) =>
    Array.from({ length: 30 }, (__, index) => 1_000 + burst * 600 + index * (burst % 2 === 0 ? 0.4 : 7)),
  );
  const scale = storyScale(bursts.flat().sort((a, b) => a - b));
  for (let pixels = 300; pixels < 2500; pixels += 10) {
    const view = { from: 0, to: 1, pixels };
    const breaks = breaksOf(scale, view).map(({ fromPlace, toPlace, label }) => ({
      place: (fromPlace + toPlace) / 2,
      label,
    }));
    const told = [...ticksOf(scale, view), ...breaks]
      .filter(({ label }) => label !== '')
      .sort((a, b) => a.place - b.place);
    const gaps = told.slice(1).map(({ place, label }, index) => {
      const before = told[index] ?? { place: 0, label: '' };
      return (place - before.place) * pixels - (label.length + before.label.length) * 3.5;
    });
    expect(
      Math.min(Infinity, ...gaps),
      `${pixels}: ${told.map(({ label }) => label).join(' | ')}`,
    ).toBeGreaterThanOrEqual(8);
  }
});
