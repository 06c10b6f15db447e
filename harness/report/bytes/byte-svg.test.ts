import { describe, expect, test } from 'vitest';

import type { Evidence } from '../../evidence/evidence.ts';
import { DIRECTIONS } from '../../scenario/fault.ts';
import { sampleEvidence } from '../sample/attempt.ts';
import { traced } from '../sample/traced.ts';
import { byteSvg } from './byte-svg.ts';
import { byteStreams } from './stream.ts';
import type { ByteStream, MessageState, MessageStretch } from './stream.ts';

const MESSAGE_BYTES = 1028;
const untraced = sampleEvidence({ scenario: 'a/b', claim: 'all is well', params: { messages: 2 } });

const drawn = (stream: ByteStream): string => byteSvg(stream, 'x', 'title').text;

function pictures(evidence: Evidence): string[] {
  const streams = byteStreams(evidence);
  return DIRECTIONS.flatMap((way) => streams.filter(({ direction }) => direction === way).map(drawn));
}

/** The rows from above to below: their names, and where the bars of each begin. */
function rowsOf(picture: string): { name: string; starts: number[] }[] {
  return picture
    .split('<text class="lane-name"')
    .slice(1)
    .map((row) => {
      const name = /text-anchor="end"\s*>([^<]*)</.exec(row)?.[1] ?? '';
      const [, bars = ''] = /<g [^>]*>([\s\S]*?)<\/g>/.exec(row) ?? [];
      const starts = [...bars.matchAll(/M([\d.]+) 7h|<rect[^>]*?\sx="([\d.]+)"/g)];
      return { name, starts: starts.map(([, piece, message]) => Number(piece ?? message)) };
    });
}

describe('the rows of a stream', () => {
  test('are, both ways, what was sent, the writes, the pieces on both sides of the proxy, the reads and what was received', () => {
    const pieces = { writes: [4, 1024], reads: [500, 528] };
    const both = pictures(traced(traced(untraced, 'client', pieces), 'server', pieces));
    expect(both).toHaveLength(2);
    for (const picture of both) {
      const rows = rowsOf(picture);
      const count = Object.fromEntries(rows.map(({ name, starts }) => [name, starts.length]));
      const names = ['sent', 'writes', 'into the proxy', 'out of the proxy', 'reads', 'received'];
      expect(rows.map(({ name }) => name)).toEqual(names);
      expect(count).toEqual({ sent: 2, writes: 4, 'into the proxy': 2, 'out of the proxy': 2, reads: 4, received: 2 });
    }
  });

  test('have the same byte at the same place', () => {
    const pieces = { writes: [1024, 4], reads: [MESSAGE_BYTES] };
    for (const picture of pictures(traced(traced(untraced, 'client', pieces), 'server', pieces))) {
      const second = rowsOf(picture).map(({ name, starts }) => [name, starts.at(name === 'writes' ? 2 : 1)]);
      const [, at = 0] = second[0] ?? [];
      expect(Number(at)).toBeGreaterThan(600);
      expect(second.filter(([, other]) => other !== at)).toEqual([]);
    }
  });

  test.each([
    ['client', ['sent', 'writes', 'into the proxy', 'out of the proxy', 'received']],
    ['server', ['sent', 'into the proxy', 'out of the proxy', 'reads', 'received']],
  ] as const)('are to the server without those of the side that did not trace: only the %s did', (role, names) => {
    const [up = ''] = pictures(traced(untraced, role, { writes: [MESSAGE_BYTES], reads: [MESSAGE_BYTES] }));
    expect(rowsOf(up).map(({ name }) => name)).toEqual(names);
  });
});

const message = (seq: number, state: MessageState): MessageStretch => ({
  from: seq * 100,
  to: seq * 100 + 100,
  seq,
  state,
});
const way = { conn: 1, direction: 'downstream', writes: null, reads: null, entered: [], left: [] } as const;

test('a message looks as what became of it', () => {
  const states: MessageState[] = ['complete', 'partial', 'missing', 'doubled', 'foreign'];
  const sent = states.map((state, seq) => message(seq, state));
  const picture = drawn({ ...way, sent, received: [], faults: [], totalBytes: 500 });
  const looks = [...picture.matchAll(/<rect\s+class="message (\w+)"([^>]*?)\sx="([\d.]+)"/g)];
  expect(looks.map(([, state]) => state)).toEqual(states);
  const [first = 0, ...others] = looks.map(([, , , x]) => Number(x));
  const last = others.at(-1) ?? 0;
  expect(last).toBeGreaterThan(900);
  for (const [index, x] of others.entries()) expect(x).toBeCloseTo(first + ((index + 1) * (last - first)) / 4, 0);
  const outlines = new Set(looks.map(([, , outline = '']) => outline.trim()));
  expect(outlines.size, 'without a style sheet too, but for what is too much').toBe(4);
});

test('a fault stands at its byte, and what it did with it', () => {
  const sent = [message(0, 'complete'), message(1, 'missing')];
  const faults = [{ fault: 'f1', effect: 'swallowed', at: 100 }];
  const picture = drawn({ ...way, sent, received: [], faults, totalBytes: 200 });
  const [, line, name] =
    /<path class="fault-line effect"[^>]*d="M([\d.]+) [^>]*><text\s+class="fault-name"\s+x="([\d.]+)"/.exec(picture) ??
    [];
  const [, missing] = /class="message missing"[^>]*?\sx="([\d.]+)"/.exec(picture) ?? [];
  const [, broken] = /class="divergence"[^>]*d="M([\d.]+) /.exec(picture) ?? [];
  const [, tick] = /d="M([\d.]+) 30V\d+" \/><text\s+class="tick"[^>]*>100</.exec(picture) ?? [];
  expect(Number(missing)).toBeGreaterThan(600);
  expect({ line, name, broken, tick }).toEqual({ line: missing, name: missing, broken: missing, tick: missing });
  expect(picture).toContain('>f1 swallowed at byte 100</text');
});
