import { expect, test } from 'vitest';

import { readEventLine } from '../contract/event.ts';
import { sha256 } from '../contract/payload.ts';
import { Exchange } from './exchange.ts';
import { failureMiss, unfailedMiss } from './failures.ts';
import { messagesMiss } from './messages.ts';
import type { Transcript } from './transcript.ts';

const exchange = new Exchange('echo', { messages: 1, messageBytes: 40, seed: 'x' });
const original = exchange.original(1, 0).payload;
const echo = exchange.echo(1, 0).payload;

function told(...events: readonly object[]): Transcript {
  return {
    role: 'client',
    environment: {},
    startedMs: 0,
    lines: events.map((event) => {
      const text = JSON.stringify(event);
      return { text, isObject: true, reading: readEventLine(text), arrivedMs: 1 };
    }),
    flooded: false,
    log: '',
    exit: { status: 0, signal: null },
    exitedMs: 2,
    inputEndedMs: 1,
    overdue: false,
    stalledMs: 0,
  };
}

const message = (event: string, bytes: Uint8Array, seq = 0) => ({
  event,
  conn: 1,
  seq,
  bytes: bytes.length,
  sha256: sha256(bytes),
});
const mark = (event: string) => ({ event, conn: 1 });
const CLEAN = [message('sending', original), message('received', echo), mark('shutdown'), mark('eof'), mark('closed')];
const miss = (...events: readonly object[]) => messagesMiss(told(...events), 'client', exchange, { conn: 1, key: 1 });

test('a clean connection has every message and every mark', () => {
  expect(miss(...CLEAN)).toBeNull();
});

test('what is missing, wrong or too much is said', () => {
  const [sending = {}, received = {}, ...marks] = CLEAN;
  expect(miss(sending, ...marks)?.actual).toBe('it printed 0 "received" there');
  expect(miss(sending, message('received', original), ...marks)?.actual).toMatch(/^it said SHA-256/);
  expect(miss(sending, { ...received, bytes: 41 }, ...marks)?.actual).toBe('it said 41 bytes');
  expect(miss(sending, { ...received, seq: 1 }, ...marks)?.actual).toBe('it said seq 1');
  expect(miss(sending, received, message('received', echo, 1), ...marks)?.actual).toBe('it printed 2');
  expect(miss(sending, received, mark('eof'), mark('closed'))?.expected).toContain('"shutdown"');
  const failed = { event: 'failed', conn: 1, op: 'recv', code: 'timeout', message: 'late' };
  expect(miss(sending, received, failed, mark('closed'))?.actual).toContain('code timeout: late');
});

test('a failure must be the one that is due, with what was received before it, and then closed', () => {
  const due = { ops: ['recv'], codes: ['truncated'], received: 0 } as const;
  const failed = { event: 'failed', conn: 1, op: 'recv', code: 'truncated', message: '' };
  expect(failureMiss(told(failed, mark('closed')), 1, due)).toBeNull();
  expect(failureMiss(told(failed), 1, due)?.actual).toBe('it printed failed there');
  expect(failureMiss(told(mark('eof'), mark('closed')), 1, due)?.actual).toBe('it printed eof, closed there');
  expect(failureMiss(told({ ...failed, code: 'closed' }, mark('closed')), 1, due)?.actual).toContain('code closed');
  expect(failureMiss(told({ ...failed, op: 'send' }, mark('closed')), 1, due)?.actual).toContain('op send');
  expect(failureMiss(told(message('received', echo), failed, mark('closed')), 1, due)?.actual).toBe('it printed 1');
  expect(failureMiss(told({ ...failed, op: 'send' }, mark('closed')), 1, { ...due, ops: [] })).toBeNull();
});

test('a connection that must not fail has to close all the same', () => {
  expect(unfailedMiss(told(mark('closed')), 1)).toBeNull();
  expect(unfailedMiss(told(mark('eof')), 1)?.actual).toBe('it did not say that it closed');
});
