import { describe, expect, test } from 'vitest';

import { flightsOf } from './flights.ts';
import { keptMarks } from './kept-marks.ts';
import { kindNumber, LANE, WAY } from './mark.ts';
import type { KindName, Mark } from './mark.ts';

const mark = (atMs: number, kind: KindName, more: Partial<Mark> = {}): Mark => ({
  atMs,
  lane: LANE.proxyClient,
  kind: kindNumber(kind),
  way: WAY.upstream,
  conn: 1,
  seq: -1,
  bytes: 10,
  offset: atMs * 10,
  text: '',
  ...more,
});

const traffic = (count: number) => Array.from({ length: count }, (_, index) => mark(index, 'read'));
const timesOf = (marks: readonly Mark[]) => marks.map(({ atMs }) => atMs);

describe('of more marks than a page holds', () => {
  test('the beginning, the end and every failure and fault are kept, and what is missing is told', () => {
    const marks = traffic(100).with(50, mark(50, 'effect')).with(60, mark(60, 'failed')).with(70, mark(70, 'overdue'));
    const { marks: kept, leftOut } = keptMarks(marks, 9);
    expect(timesOf(kept)).toEqual([0, 1, 2, 50, 60, 70, 97, 98, 99]);
    expect(leftOut).toEqual({ count: 91, urgent: 0, fromMs: 3, toMs: 96 });
  });

  test('too many failures and faults are told as well, and never cost more than there is room for', () => {
    const marks = Array.from({ length: 50 }, (_, index) => mark(index, 'effect'));
    const { marks: kept, leftOut } = keptMarks([...marks, mark(50, 'finished')], 10);
    expect(timesOf(kept)).toEqual([0, 1, 2, 3, 4, 45, 46, 47, 48, 49]);
    expect(leftOut).toEqual({ count: 41, urgent: 40, fromMs: 5, toMs: 50 });
  });

  test('none is missing where all have room', () => {
    expect(keptMarks(traffic(10), 10)).toEqual({ marks: traffic(10), leftOut: null });
  });

  test('no bytes are drawn from or to a piece that did not carry them', () => {
    const crossing = Array.from({ length: 40 }, (_, index) => {
      const offset = index * 10;
      return [
        mark(index, 'sending', { lane: LANE.client, offset }),
        mark(index + 0.1, 'read', { offset }),
        mark(index + 0.2, 'wrote', { lane: LANE.proxyServer, offset }),
        mark(index + 0.3, 'received', { lane: LANE.server, offset }),
      ];
    }).flat();
    const lasts = (marks: readonly Mark[]) =>
      flightsOf(marks).map(({ fromMs, toMs }) => Math.round((toMs - fromMs) * 10));
    expect(lasts(crossing)).toEqual(Array.from({ length: 120 }, () => 1));
    for (let most = 20; most < 28; most += 1) {
      const kept = lasts(keptMarks(crossing, most).marks);
      expect(kept.length).toBeGreaterThan(10);
      expect(kept.filter((tenths) => tenths !== 1)).toEqual([]);
    }
    const torn = [
      ...crossing.slice(0, 9),
      ...crossing.slice(122),
      mark(99, 'received', { lane: LANE.server, offset: 20 }),
    ];
    expect(lasts(torn).filter((tenths) => tenths !== 1)).toEqual([]);
  });
});
