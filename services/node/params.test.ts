import { describe, expect, test } from 'vitest';
import { readParams } from './params.ts';

const keepAlive = (idleMs: unknown, intervalMs: unknown, count: unknown): string =>
  JSON.stringify({ keepAlive: { idleMs, intervalMs, count } });

describe('keepAlive', () => {
  test.each([
    [1, 1, 1],
    [32_767_000, 32_767_000, 127],
  ])('%i, %i, %i is what the kernel keeps', (idleMs, intervalMs, count) => {
    expect(readParams(keepAlive(idleMs, intervalMs, count))?.keepAlive).toEqual({ idleMs, intervalMs, count });
  });

  test.each([
    ['no idle time', keepAlive(0, 1000, 1)],
    ['more idle time than the kernel keeps', keepAlive(32_767_001, 1000, 1)],
    ['a longer interval than the kernel keeps', keepAlive(1000, 32_767_001, 1)],
    ['more probes than the kernel keeps', keepAlive(1000, 1000, 128)],
    ['half a probe', keepAlive(1000, 1000, 1.5)],
    ['half a millisecond', keepAlive(1000.5, 1000, 1)],
    ['a number', JSON.stringify({ keepAlive: 5 })],
  ])('%s is not supported', (_what, source) => {
    expect(readParams(source)).toBeUndefined();
  });
});

test.each(['paceMs', 'ioTimeoutMs', 'durationMs'])('half a millisecond of %s is not supported', (key) => {
  expect(readParams(JSON.stringify({ [key]: 0.5 }))).toBeUndefined();
});
