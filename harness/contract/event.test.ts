import { describe, expect, test } from 'vitest';

import { MAX_LINE_BYTES, readEventLine } from './event.ts';

const digest = 'a'.repeat(64);

describe('a line of the contract is read', () => {
  test.each([
    ['{"event":"listening","at":12,"port":4000}', { event: 'listening', at: 12, port: 4000 }],
    [
      `{"event":"received","conn":1,"seq":0,"bytes":3,"sha256":"${digest}"}`,
      { event: 'received', conn: 1, seq: 0, bytes: 3, sha256: digest },
    ],
    [
      '{"event":"failed","op":"listen","code":"address-in-use","message":"m"}',
      { event: 'failed', op: 'listen', code: 'address-in-use', message: 'm' },
    ],
  ])('%s', (line, event) => {
    expect(readEventLine(line)).toEqual({ ok: true, event });
  });
});

describe('anything else is named, never thrown', () => {
  test.each([
    ['Server listening…', 'not JSON'],
    ['{"event":"listenning","port":1}', 'event'],
    ['{"event":"listening","port":0}', 'port'],
    ['{"event":"listening","port":"80"}', 'port'],
    ['{"event":"closed"}', 'conn'],
    ['{"event":"failed","conn":1,"op":"recv","code":"oops"}', 'code'],
    [`{"event":"received","conn":1,"seq":0,"bytes":3,"sha256":"XYZ"}`, 'sha256'],
    ['null', ''],
    [`"${'x'.repeat(MAX_LINE_BYTES)}"`, 'more than'],
  ])('%s', (line, problem) => {
    const reading = readEventLine(line);
    expect(reading.ok).toBe(false);
    expect(reading).toHaveProperty('problem', expect.stringContaining(problem));
  });
});

test('a failure message is kept to a bounded length', () => {
  const reading = readEventLine(
    JSON.stringify({ event: 'failed', op: 'recv', code: 'other', message: 'y'.repeat(9000) }),
  );
  expect(reading).toHaveProperty('event.message', 'y'.repeat(2000));
});
