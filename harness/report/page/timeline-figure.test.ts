import { gunzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

import type { WireEvent } from '../../evidence/wire-event.ts';
import { sampleEvidence } from '../sample/attempt.ts';
import { decodeTimeline } from '../timeline/columns.ts';
import { kindOf } from '../timeline/mark.ts';
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
  expect(page).not.toContain('left out');
});

test('of 160,000 events the page has the first, the last, each failure and fault, and says what it leaves out', () => {
  const evidence = sampleEvidence({ scenario: 'a/b', claim: 'c', failure: { code: 'timeout', afterMs: 9000 } });
  const wire = Array.from({ length: 160_000 }, (_, seq): WireEvent => {
    const flow = { seq, atMs: 200 + seq / 20, conn: 1, direction: 'upstream', offset: seq * 10, bytes: 10 } as const;
    if (seq === 80_000) return { ...flow, kind: 'effect', toxic: 'f1', type: 'swallow', effect: 'swallowed' };
    return { ...flow, kind: 'read' };
  });
  const long = timelineOf({ ...evidence, wire }, null);
  const page = timelineFigure(long, { id: 'x', title: 'x', rows: 24 }).text;
  const [, packed = ''] = /<script[^>]*>([^<]*)<\/script>/.exec(page) ?? [];
  const { marks } = decodeTimeline(gunzipSync(Buffer.from(packed, 'base64')));
  expect(marks).toHaveLength(150_000);
  const namesOf = (all: readonly { kind: number }[]) => all.map((mark) => kindOf(mark as (typeof marks)[number]).name);
  expect(namesOf(marks.slice(0, 3))).toEqual(namesOf(long.marks.slice(0, 3)));
  expect(namesOf(marks.slice(-3))).toEqual(namesOf(long.marks.slice(-3)));
  expect(namesOf(marks).filter((name) => name === 'failed' || name === 'effect')).toEqual(['effect', 'failed']);
  const missing = long.marks.length - 150_000;
  const note = page.replaceAll(/\s+/g, ' ');
  const between = / ([\d,]+) events between ([\d,.]+) ms and ([\d,.]+) ms are left out of this page/.exec(note);
  expect(between?.[1]).toBe(missing.toLocaleString('en'));
  const [fromMs = 0, toMs = 0] = (between?.slice(2) ?? []).map((text) => Number(text.replace(',', '')));
  const inside = marks.filter(({ atMs }) => atMs > fromMs + 0.1 && atMs < toMs - 0.1);
  expect(toMs - fromMs).toBeCloseTo(missing / 20, 0);
  expect(namesOf(inside)).toEqual(['effect']);
  expect(note).toContain(`150,000 of ${long.marks.length.toLocaleString('en')} events as a table`);
});
