import { gzipSync } from 'node:zlib';

import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { sampleEvidence } from '../sample/attempt.ts';
import { axesOf } from './axis.ts';
import { decodeTimeline, encodeTimeline } from './columns.ts';
import { KINDS, LANE, WAY } from './mark.ts';
import type { Mark } from './mark.ts';
import { timelineOf } from './timeline.ts';

const micros = (mark: Mark): Mark => ({ ...mark, atMs: Math.round(mark.atMs * 1000) / 1000 });

test('an attempt comes back as it was, to the microsecond', () => {
  const evidence = sampleEvidence({ scenario: 'a/b', claim: 'all is well', fault: { kind: 'swallow' }, echoes: 3 });
  const { marks, bands, axes } = timelineOf(evidence, null);
  const moments = [{ atMs: 12.5, label: 'integrity' }];
  expect(decodeTimeline(encodeTimeline({ marks, bands, moments, axes }))).toEqual({
    marks: marks.map(micros),
    bands,
    moments,
    axes,
  });
});

test('any marks come back as they were', () => {
  const number = fc.integer({ min: -1, max: 2 ** 40 });
  const mark: fc.Arbitrary<Mark> = fc.record({
    atMs: fc.integer({ min: -5_000_000, max: 2 ** 40 }).map((value) => value / 1000),
    kind: fc.nat(KINDS.length - 1),
    lane: fc.nat(4),
    way: fc.nat(2),
    conn: number,
    seq: number,
    bytes: number,
    offset: number,
    text: fc.string(),
  });
  fc.assert(
    fc.property(fc.array(mark, { maxLength: 30 }), (marks) => {
      expect(
        decodeTimeline(encodeTimeline({ marks, bands: [], moments: [], axes: axesOf({ marks, bands: [] }) })).marks,
      ).toEqual(marks);
    }),
  );
});

test('100,000 marks of a busy relay take at most 1 MiB in the page', () => {
  let state = 1;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  let atMs = 0;
  const marks = Array.from({ length: 100_000 }, (_, index): Mark => {
    atMs += random() * 0.08;
    const piece = Math.floor(index / 4);
    const lane = [LANE.client, LANE.proxyClient, LANE.proxyServer, LANE.server][index % 4] ?? 0;
    const kind = [5, 9, 10, 7][index % 4] ?? 0;
    return {
      atMs,
      lane,
      kind,
      way: WAY.upstream,
      conn: 1 + (piece % 8),
      seq: index % 4 === 0 ? piece : -1,
      bytes: 1028,
      offset: piece * 1028,
      text: '',
    };
  });
  const stored = gzipSync(
    encodeTimeline({ marks, bands: [], moments: [], axes: axesOf({ marks, bands: [] }) }),
  ).toString('base64');
  expect(stored.length).toBeLessThan(1024 * 1024);
});
