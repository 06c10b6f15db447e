import { describe, expect, test } from 'vitest';

import { sampleAttempt } from '../sample/attempt.ts';
import { labelsOf, momentLabels } from './labels.ts';
import { kindNumber, LANE, WAY } from './mark.ts';
import type { Mark } from './mark.ts';
import { momentsOf } from './moments.ts';
import { timelineOf } from './timeline.ts';
import { timelineSvg } from './timeline-svg.ts';

const failed = (text: string, more: Partial<Mark> = {}): Mark => ({
  atMs: 0,
  lane: LANE.client,
  kind: kindNumber('failed'),
  way: WAY.none,
  conn: 1,
  seq: -1,
  bytes: -1,
  offset: -1,
  text,
  ...more,
});

describe('words on the time line', () => {
  test('stand beside failures only, without what is in brackets', () => {
    const marks = [failed('reset on recv (ECONNRESET)'), failed('', { kind: kindNumber('sent') })];
    const placed = marks.map((mark, index) => ({ mark, x: 100 + index * 400 }));
    expect(labelsOf(placed, 1000)).toEqual([{ x: 100, row: LANE.client, text: 'reset on recv', end: false }]);
  });

  test('never lie on one another, and turn round at the edge', () => {
    const placed = [100, 110, 400, 990].map((x) => ({ mark: failed('reset on recv'), x }));
    expect(labelsOf(placed, 1000).map(({ x, end }) => [x, end])).toEqual([
      [100, false],
      [400, false],
      [990, true],
    ]);
  });
});

test('of two claims that break together the first has words, and keeps clear of both heads', () => {
  const near = [500, 512, 900].map((x) => ({ label: 'no-silent-truncation', x }));
  expect(momentLabels(near, 1000).map(({ x, end }) => [x, end])).toEqual([
    [509, false],
    [891, true],
  ]);
});

describe('the instants at which a claim broke', () => {
  const { evidence, verdict } = sampleAttempt({
    scenario: 'a/b',
    claim: 'c',
    verdict: 'fail',
    checks: [
      { outcome: 'fail', atMs: 300.2, name: 'integrity' },
      { outcome: 'fail', atMs: 300, name: 'settled' },
      { outcome: 'fail', atMs: 900, name: 'paced' },
      { outcome: 'pass', atMs: 5 },
      { outcome: 'fail', atMs: null },
    ],
  });

  test('are one where several checks object at once, in order of time', () => {
    expect(momentsOf(verdict)).toEqual([
      { atMs: 300, label: 'settled, integrity' },
      { atMs: 900, label: 'paced' },
    ]);
    expect(momentsOf(null)).toEqual([]);
  });

  test('are drawn across all lanes, by name', () => {
    const picture = timelineSvg(timelineOf(evidence, verdict), 'x', 'title').text;
    expect(picture.match(/class="moment-head"/g)).toHaveLength(2);
    expect(picture).toMatch(/>settled, integrity<\/text\s*>/);
    expect(timelineSvg(timelineOf(evidence, null), 'x', 'title').text).not.toContain('moment');
  });
});
