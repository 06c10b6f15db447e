import { expect, test } from 'vitest';

import type { Evidence } from '../../evidence/evidence.ts';
import { sampleEvidence } from '../sample/attempt.ts';
import { bandsOf } from './bands.ts';
import { GUTTER } from './layout.ts';
import { placeOf } from './story-scale.ts';
import { timelineOf } from './timeline.ts';
import { timelineSvg } from './timeline-svg.ts';

const evidence = sampleEvidence({ scenario: 'a/b', claim: 'c', fault: { kind: 'swallow' }, echoes: 4 });
const [receipt] = evidence.receipts;
if (receipt?.asked == null || receipt.acknowledged === null || receipt.delivered === null)
  throw new Error('no receipt');
const instants = {
  asked: receipt.asked.atMs,
  acknowledged: receipt.acknowledged.atMs,
  effect: receipt.delivered.earliestMs,
};

/** The heads of the faults' marks by their names: where each stands, and its outline. */
function headsOf(of: Evidence): { heads: Record<string, { x: number; outline: string }>; picture: string } {
  const picture = timelineSvg(timelineOf(of, null), 'x', 'title').text;
  const lines = [...picture.matchAll(/class="fault-line (\w+)"[^>]*? d="M([\d.]+) /g)];
  const outlines = new Map(
    [...picture.matchAll(/class="fault-head (\w+)"[^>]*?\sd="M[\d.]+ [\d.]+([^"]+)"/g)].map(([, name, outline]) => [
      name,
      outline,
    ]),
  );
  const heads = lines.map(([, name = '', x]) => [name, { x: Number(x), outline: outlines.get(name) ?? '' }]);
  return { heads: Object.fromEntries(heads), picture };
}

test('asked, acknowledged and first effect are three marks, each at its own instant and told from the others', () => {
  const [band] = bandsOf(evidence);
  expect(band).toMatchObject({
    askedMs: instants.asked,
    acknowledgedMs: instants.acknowledged,
    effectMs: instants.effect,
    liftedMs: null,
    delivered: true,
  });
  const { heads, picture } = headsOf(evidence);
  const { axes } = timelineOf(evidence, null);
  expect(Object.keys(heads)).toEqual(['asked', 'acknowledged', 'effect']);
  for (const [name, atMs] of Object.entries(instants)) {
    expect(heads[name]?.x, name).toBeCloseTo(GUTTER + placeOf(axes.story, atMs) * (1160 - GUTTER), 0);
  }
  const { asked, acknowledged, effect } = heads;
  expect(acknowledged?.outline).not.toBe(asked?.outline);
  expect(effect?.outline, 'a full triangle beside an empty one').toBe(asked?.outline);
  const [, from, width] = /class="band"[^>]*?\sx="([\d.]+)"[^>]*?width="([\d.]+)"/.exec(picture) ?? [];
  expect(Number(from), 'in force from its first effect').toBe(effect?.x);
  expect(Number(from) + Number(width), 'to the end').toBeCloseTo(1156, 0);
});

test('a fault that was lifted is in force until then, and one that was never delivered has no effect to show', () => {
  const lifted = { askedAtMs: instants.effect + 1, acknowledgedAtMs: instants.effect + 2 };
  const ended = headsOf({ ...evidence, receipts: [{ ...receipt, lifted }] });
  const [, width] = /class="band"[^>]*?width="([\d.]+)"/.exec(ended.picture) ?? [];
  expect(Number(width)).toBeLessThan(1156 - (ended.heads['effect']?.x ?? 0) - 20);
  const undelivered = headsOf({ ...evidence, receipts: [{ ...receipt, delivered: null }] });
  expect(Object.keys(undelivered.heads)).toEqual(['asked', 'acknowledged']);
  expect(undelivered.picture).not.toContain('class="band"');
  expect(undelivered.picture).toContain('f1 swallow, not delivered');
});
