import { expect, test } from 'vitest';

import { sampleEvidence } from '../sample/attempt.ts';
import { timelineOf } from '../timeline/timeline.ts';
import { timelineFigure } from './timeline-figure.ts';

const timeline = timelineOf(sampleEvidence({ scenario: 'a/b', claim: 'c', params: { messages: 40 } }), null);

test.each([80, 24])('the table of events has %i rows at the most, the first and the last among them', (rows) => {
  const page = timelineFigure(timeline, { id: 'x', title: 'x', rows }).text;
  const times = [...page.matchAll(/<tr>\s*<td>([\d.,]+ ms)<\/td>/g)].map(([, time]) => time);
  expect(times.length).toBeLessThanOrEqual(rows);
  expect(times.length).toBeGreaterThan(rows / 4);
  const last = timeline.marks.at(-1)?.atMs ?? 0;
  expect([times[0], times.at(-1)]).toEqual(['4.0 ms', `${last.toFixed(1)} ms`]);
});
