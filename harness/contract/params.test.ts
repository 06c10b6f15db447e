/**
 * How much may be asked of an exchange: what the harness has to remember of it stays bounded, and every subject could do it.
 */
import * as v from 'valibot';

import { describe, expect, test } from 'vitest';

import { paramsSchema } from './params.ts';
import type { ParamsInput } from './params.ts';

describe('an exchange may be large', () => {
  test.each<[string, ParamsInput]>([
    ['by its one message', { messages: 1, messageBytes: 128 * 1024 * 1024 }],
    ['by its messages', { messages: 1_000_000, messageBytes: 1024 }],
    ['by its connections, where nothing else is said', { connections: 65_535 }],
    ['by all that it passes', { messages: 8, connections: 4, messageBytes: 32 * 1024 * 1024 }],
  ])('%s', (_title, params) => {
    expect(v.safeParse(paramsSchema, params).success).toBe(true);
  });
});

describe('and no larger, and what is too much is named', () => {
  test.each<[string, ParamsInput, RegExp]>([
    ['one message', { messages: 1, messageBytes: 128 * 1024 * 1024 + 1 }, /<=134217728/],
    ['its messages', { messages: 1_000_001, messageBytes: 1 }, /1000000 messages in all/],
    [
      'its messages over all connections',
      { messages: 101, connections: 10_000, messageBytes: 1 },
      /1000000 messages in all/,
    ],
    ['its connections', { connections: 65_536 }, /<=65535/],
    [
      'all that it passes',
      { messages: 8, connections: 5, messageBytes: 32 * 1024 * 1024 },
      /1073741824 bytes of messages/,
    ],
  ])('%s', (_title, params, words) => {
    expect(v.safeParse(paramsSchema, params).issues?.[0].message).toMatch(words);
  });
});

describe('what no subject could do is refused before one is asked', () => {
  const often = { idleMs: 1000, intervalMs: 1000, count: 1 };
  test.each<[string, ParamsInput, RegExp]>([
    ['half a millisecond', { keepAlive: { ...often, idleMs: 0.5 } }, /integer/],
    ['a keepalive later than any kernel sends one', { keepAlive: { ...often, intervalMs: 32_767_001 } }, /<=32767000/],
    ['more probes than any kernel sends', { keepAlive: { ...often, count: 128 } }, /<=127/],
    ['a seed that is no ASCII', { seed: 'zufällig' }, /printable ASCII/],
  ])('%s', (_title, params, words) => {
    expect(v.safeParse(paramsSchema, params).issues?.[0].message).toMatch(words);
  });
});
