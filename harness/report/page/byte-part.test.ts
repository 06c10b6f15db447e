import { expect, test } from 'vitest';

import type { ByteStream, MessageStretch } from '../bytes/stream.ts';
import { byteStreams } from '../bytes/stream.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { sampleEvidence } from '../sample/attempt.ts';
import { traced } from '../sample/traced.ts';
import { bytePart } from './byte-part.ts';

const message = (seq: number, state: MessageStretch['state']): MessageStretch => ({
  from: seq * 20,
  to: seq * 20 + 20,
  seq,
  state,
});

function said(sent: readonly MessageStretch[], received: readonly MessageStretch[]): string {
  const way = { conn: 1, direction: 'downstream', writes: null, reads: null } as const;
  const stream: ByteStream = { ...way, sent, received, entered: [], left: [], faults: [], totalBytes: 40 };
  const page =
    bytePart(sampleEvidence({ scenario: 'a/b', claim: 'c' }), { streams: [stream], drawn: [stream], id: 'x' })?.text ??
    '';
  return /<figcaption><b>[^<]*<\/b>([\s\S]*?)<\/figcaption>/.exec(page)?.[1]?.trim() ?? '';
}

test('messages sent and messages received are counted apart', () => {
  const whole = [message(0, 'complete'), message(1, 'complete')];
  expect(said(whole, whole)).toBe('2 messages sent: 2 complete');
  expect(said([message(0, 'complete'), message(1, 'partial')], [message(0, 'complete'), message(1, 'foreign')])).toBe(
    '2 messages sent: 1 complete, 1 partial; 2 received: 1 complete, 1 foreign',
  );
});

test('that a side did not trace its calls is said, and only where one did not', () => {
  const silent = sampleEvidence({ scenario: 'a/b', claim: 'c' });
  const calls = { writes: [1028], reads: [1028] };
  const half = traced(silent, 'client', calls);
  const isSaid = (evidence: Evidence): boolean => {
    const streams = byteStreams(evidence);
    return bytePart(evidence, { streams, drawn: streams, id: 'x' })?.text.includes('not\nevery side did') === true;
  };
  expect([silent, half, traced(half, 'server', calls)].map(isSaid)).toEqual([true, true, false]);
});
