import { describe, expect, test } from 'vitest';

import type { SubjectEvent } from '../contract/event.ts';
import type { Role } from '../contract/words.ts';
import { orderBreaches } from './order.ts';

const SHA = '0'.repeat(64);
const sending = (seq: number, conn = 1): SubjectEvent => ({ event: 'sending', conn, seq, bytes: 1, sha256: SHA });
const received = (seq: number, conn = 1): SubjectEvent => ({ event: 'received', conn, seq, bytes: 1, sha256: SHA });
const sent = (seq: number, conn = 1): SubjectEvent => ({ event: 'sent', conn, seq });
const failed = (code: 'closed' | 'reset' | 'refused', conn = 1): SubjectEvent => ({
  event: 'failed',
  conn,
  op: 'recv',
  code,
  message: '',
});
const connecting = (conn = 1): SubjectEvent => ({ event: 'connecting', conn, key: conn });
const connected = (conn = 1): SubjectEvent => ({ event: 'connected', conn, localPort: 40_000 });
const accepted = (conn = 1): SubjectEvent => ({ event: 'accepted', conn, peerPort: 40_000 });
const shutdown: SubjectEvent = { event: 'shutdown', conn: 1 };
const eof: SubjectEvent = { event: 'eof', conn: 1 };
const closed = (conn = 1): SubjectEvent => ({ event: 'closed', conn });
const done: SubjectEvent = { event: 'done' };
const listening: SubjectEvent = { event: 'listening', port: 40_000 };

const OPEN = [connecting(), connected()];
const breaches = (role: Role, ...events: readonly SubjectEvent[]) =>
  orderBreaches(role, 'echo', events, true).map(({ kind, expected }) => `${kind}: ${expected}`);

describe('orders that a connection can take', () => {
  test.each<[string, Role, SubjectEvent[]]>([
    ['a clean echo', 'client', [...OPEN, sending(0), sent(0), received(0), shutdown, eof, closed(), done]],
    ['the same, served', 'server', [listening, accepted(), received(0), sending(0), sent(0), eof, closed()]],
    ['a refused connect', 'client', [connecting(), failed('refused'), closed(), done]],
    ['an abandoned connect', 'client', [connecting(), closed()]],
    ['a reset in the middle', 'client', [...OPEN, sending(0), failed('reset'), closed(), done]],
    ['two at once', 'server', [listening, accepted(1), accepted(2), received(0, 2), closed(1), closed(2)]],
    [
      'an echo before the word that all was sent',
      'client',
      [...OPEN, sending(0), received(0), sent(0), closed(), done],
    ],
    ['a server that cannot listen', 'server', [{ event: 'failed', op: 'listen', code: 'address-in-use', message: '' }]],
  ])('%s', (_what, role, events) => {
    expect(breaches(role, ...events)).toEqual([]);
  });
});

describe('orders that it cannot', () => {
  test.each<[string, Role, SubjectEvent[], string]>([
    [
      'a message before the connection',
      'client',
      [connecting(), sending(0)],
      'order: on connection 1 after "connecting" only',
    ],
    [
      'a second failure',
      'client',
      [...OPEN, failed('reset'), failed('reset'), closed(), done],
      'failures: on connection 1 at most one',
    ],
    [
      'anything between failed and closed',
      'client',
      [...OPEN, failed('reset'), received(0), closed(), done],
      'failures: on connection 1 after "failed" only: closed',
    ],
    [
      'an end told twice',
      'client',
      [...OPEN, eof, failed('closed'), closed(), done],
      'failures: on connection 1 an end at a boundary told once',
    ],
    [
      'a message after the peer’s end',
      'client',
      [...OPEN, eof, received(0), closed(), done],
      'order: on connection 1 no "received" after "eof"',
    ],
    [
      'a message after one’s own end',
      'client',
      [...OPEN, shutdown, sending(0), sent(0), closed(), done],
      'order: on connection 1 no "sending" after "shutdown"',
    ],
    [
      'a next message before the last was sent',
      'client',
      [...OPEN, sending(0), sending(1), sent(1), closed(), done],
      'order: on connection 1 "sent" of message 0 first',
    ],
    [
      'a skipped number',
      'client',
      [...OPEN, sending(1), sent(1), closed(), done],
      'numbers: on connection 1 "sending" of seq 0 next',
    ],
    [
      'a repeated number',
      'server',
      [listening, accepted(), received(0), received(0), closed()],
      'numbers: on connection 1 "received" of seq 1 next',
    ],
    ['a connection number left out', 'server', [listening, accepted(2), closed(2)], 'numbers: connection 1 next'],
    ['a connection left open', 'client', [...OPEN, done], 'order: "closed" of connection 1 before "done"'],
    ['a word after the last one', 'client', [...OPEN, closed(), done, connecting(2)], 'order: nothing after "done"'],
    [
      'a client that accepts',
      'client',
      [accepted(), closed(), done],
      'order: on connection 1 after "nothing" only: connecting',
    ],
    ['a server that is done', 'server', [listening, done], 'order: of a server no such event'],
  ])('%s', (_what, role, events, breach) => {
    expect(breaches(role, ...events)[0]).toContain(breach);
  });

  test('but a client that reconnects goes on with the number it had come to', () => {
    const again = [
      ...OPEN,
      failed('reset'),
      closed(),
      connecting(2),
      connected(2),
      sending(3, 2),
      sent(3, 2),
      closed(2),
      done,
    ];
    expect(orderBreaches('client', 'reconnect', again, true)).toEqual([]);
    expect(orderBreaches('client', 'echo', again, true)).toHaveLength(1);
  });

  test('100,000 events are read in linear time', () => {
    const many = Array.from({ length: 50_000 }, (_, seq) => [sending(seq), sent(seq)]).flat();
    expect(orderBreaches('client', 'echo', [...OPEN, ...many, closed(), done], true)).toEqual([]);
  });
});
