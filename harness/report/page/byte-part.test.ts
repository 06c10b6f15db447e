import { expect, test } from 'vitest';

import type { ByteStream, MessageStretch } from '../bytes/stream.ts';
import { sampleEvidence } from '../sample/attempt.ts';
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
