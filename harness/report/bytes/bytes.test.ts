import { describe, expect, test } from 'vitest';

import { sha256 } from '../../contract/payload.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { sampleEvidence } from '../sample/attempt.ts';
import { byteSvg } from './byte-svg.ts';
import { expectedBytes } from './expected-bytes.ts';
import { hexPane } from './hex-pane.ts';
import { byteStreams, divergenceOf } from './stream.ts';
import type { ByteStream } from './stream.ts';

const shape = { scenario: 'a/b', claim: 'all is well' };
const swallowed = sampleEvidence({
  ...shape,
  fault: { kind: 'swallow' },
  echoes: 4,
  failure: { code: 'timeout', afterMs: 900 },
});

function stream(evidence: Evidence, direction: ByteStream['direction']): ByteStream {
  const found = byteStreams(evidence).find((each) => each.direction === direction);
  if (found === undefined) throw new Error(`no stream ${direction}`);
  return found;
}

/** The evidence with one client event replaced. */
function withReceived(evidence: Evidence, seq: number, sha: string, size?: number): Evidence {
  const records = evidence.records.map((record) => {
    if (record.kind !== 'event' || record.role !== 'client' || record.event.event !== 'received') return record;
    return record.event.seq === seq
      ? { ...record, event: { ...record.event, sha256: sha, bytes: size ?? record.event.bytes } }
      : record;
  });
  return { ...evidence, records };
}

describe('a stream', () => {
  test('has every message complete where nothing went wrong', () => {
    const downstream = stream(sampleEvidence(shape), 'downstream');
    expect(downstream.sent.map(({ state }) => state)).toEqual(Array.from({ length: 8 }, () => 'complete'));
    expect(downstream.totalBytes).toBe(8 * 1028);
    expect(divergenceOf(downstream)).toBeNull();
  });

  test('shows the message that a fault swallowed as missing, from its first byte', () => {
    const downstream = stream(swallowed, 'downstream');
    expect(downstream.sent.map(({ state }) => state)).toEqual([
      'complete',
      'complete',
      'complete',
      'complete',
      'missing',
    ]);
    expect(downstream.faults).toEqual([{ fault: 'f1', effect: 'swallowed', at: 4112 }]);
    expect(divergenceOf(downstream)).toBe(4112);
  });

  test('shows a message of which some bytes got through as partial, from the first that did not', () => {
    const piece = {
      kind: 'wrote',
      conn: 1,
      direction: 'downstream',
      offset: 4112,
      bytes: 100,
      seq: 999,
      atMs: 150,
    } as const;
    const downstream = stream({ ...swallowed, wire: [...swallowed.wire, piece] }, 'downstream');
    expect(downstream.sent.at(-1)?.state).toBe('partial');
    expect(divergenceOf(downstream)).toBe(4212);
  });

  test('tells a message that came twice, and one that nobody sent', () => {
    const evidence = sampleEvidence(shape);
    const first = evidence.records.flatMap((record) =>
      record.kind === 'event' && record.role === 'client' && record.event.event === 'received'
        ? [record.event.sha256]
        : [],
    )[0];
    const doubled = stream(withReceived(evidence, 1, first ?? ''), 'downstream');
    expect(doubled.sent.slice(0, 2).map(({ state }) => state)).toEqual(['doubled', 'partial']);
    const foreign = stream(withReceived(evidence, 1, sha256(Buffer.from('not ours'))), 'downstream');
    expect(foreign.received[1]?.state).toBe('foreign');
  });

  test('ends what was made up of less than a message where the bytes ended that came', () => {
    const evidence = sampleEvidence(shape);
    const cut = withReceived(evidence, 1, sha256(Buffer.from('not ours')));
    const wire = cut.wire.filter((event) => event.kind !== 'wrote' || event.offset < 1028);
    const one = {
      kind: 'wrote',
      conn: 1,
      direction: 'downstream',
      offset: 1028,
      bytes: 1,
      seq: 999,
      atMs: 150,
    } as const;
    const { received } = stream({ ...cut, wire: [...wire, one] }, 'downstream');
    expect(received[1]).toMatchObject({ state: 'foreign', from: 1028, to: 1029 });
    expect(stream({ ...cut, wire: [] }, 'downstream').received[1]?.to, 'where the proxy tells nothing').toBe(2056);
  });

  test('tells the beginning of the message that was due from one that nobody sent', () => {
    const evidence = sampleEvidence(shape);
    const due = expectedBytes(evidence, 1, 'downstream', { from: 1028, to: 2056 })?.bytes.subarray(4, 104);
    const torn = stream(withReceived(evidence, 1, sha256(due ?? Buffer.alloc(0)), 100), 'downstream');
    expect(torn.received.map(({ state }) => state).slice(0, 3)).toEqual(['complete', 'partial', 'complete']);
    const other = stream(withReceived(evidence, 2, sha256(due ?? Buffer.alloc(0)), 100), 'downstream');
    expect(other.received[2]?.state).toBe('foreign');
  });
});

test('the expected bytes begin with a header, and the echo is the complement', () => {
  const up = expectedBytes(swallowed, 1, 'upstream', { from: 0, to: 10 });
  const down = expectedBytes(swallowed, 1, 'downstream', { from: 0, to: 10 });
  expect(up?.bytes.subarray(0, 4).toString('hex')).toBe('00000400');
  expect(up?.bytes.length).toBeGreaterThanOrEqual(10);
  expect(down?.bytes[4]).toBe(0xff - (up?.bytes[4] ?? 0));
});

test('the hex pane shows the bytes on both sides of the cut, and marks those that are gone', () => {
  const pane = hexPane(swallowed, stream(swallowed, 'downstream'))?.text ?? '';
  expect(pane).toMatch(/^<pre class="hex" tabindex="0"> {4}4080 {2}[0-9a-f]{2} /);
  expect(pane).toContain('    4112  <span class="gone">00 00 04 00 ');
  expect(hexPane(swallowed, stream(swallowed, 'upstream'))).toBeNull();
});

test('the hex pane ends with the last byte that was handed over, though the workload has more to send', () => {
  const messageBytes = 16;
  const short = sampleEvidence({ ...shape, fault: { kind: 'swallow' }, echoes: 1, params: { messageBytes } });
  const pane = hexPane(short, stream(short, 'downstream'))?.text ?? '';
  const shown = pane.split('\n').filter((line) => /^(<pre[^>]*>)? +\d+ {2}/.test(line));
  expect(stream(short, 'downstream').sent.at(-1)?.to).toBe(2 * (4 + messageBytes));
  expect(shown).toHaveLength(3);
  expect(shown.at(-1), 'eight bytes, and room for eight').toMatch(
    /^ +32 {2}<span class="gone">(?:[0-9a-f]{2} ){8}<\/span> {26}/,
  );
});

test('the picture stays small, however small the pieces are', () => {
  const wire = Array.from({ length: 50_000 }, (_, index) => ({
    kind: 'wrote' as const,
    conn: 1,
    direction: 'upstream' as const,
    offset: index,
    bytes: 1,
    seq: index,
    atMs: index / 100,
  }));
  const picture = byteSvg(stream({ ...swallowed, wire }, 'upstream'), 'x', 'title').text;
  expect(picture.length).toBeLessThan(60_000);
});
