import { createHash } from 'node:crypto';

import { expect, test } from 'vitest';

import { messageOffset, wireBytes } from './framing.ts';
import { echoOf, payload, payloadKey, sha256 } from './payload.ts';
import type { PayloadShape } from './payload.ts';

const shape = (change: Partial<PayloadShape> = {}): PayloadShape => ({
  content: 'bytes',
  framing: 'prefix32',
  messageBytes: 40,
  ...change,
});

test('a payload is the digests of key, seq and block number, cut to its size', () => {
  const block = (number: number): Buffer => createHash('sha256').update(`7/1:3:${number}`).digest();
  expect(payload(shape(), payloadKey('7', 1), 3)).toEqual(Buffer.concat([block(0), block(1)]).subarray(0, 40));
});

test('text is the same digests in lower-case hexadecimal, cut to its characters', () => {
  const hex = createHash('sha256').update('7/s:0:0').digest('hex');
  expect(payload(shape({ content: 'text' }), payloadKey('7', 'server'), 0).toString()).toBe(hex.slice(0, 40));
});

test('zeros are zero bytes', () => {
  expect(payload(shape({ content: 'zeros' }), 'k', 9)).toEqual(Buffer.alloc(40));
});

test('an echo is no payload of anybody: every byte is complemented', () => {
  expect(echoOf(Buffer.from([0x00, 0xff, 0x5a]))).toEqual(Buffer.from([0xff, 0x00, 0xa5]));
});

test('the typed framing fixes the size by the message number', () => {
  const typed = shape({ framing: 'typed' });
  expect([0, 1, 2, 3].map((seq) => payload(typed, 'k', seq).length)).toEqual([16, 256, 4096, 16]);
});

test('a message begins where those before it end, headers and delimiters included', () => {
  expect(messageOffset(shape(), 2)).toBe(88);
  expect(messageOffset(shape({ framing: 'delimited', content: 'text' }), 2)).toBe(82);
  expect(messageOffset(shape({ framing: 'typed' }), 3)).toBe(17 + 257 + 4097);
  expect(wireBytes(shape({ framing: 'ascii5' }), 0)).toBe(45);
});

test('a digest is 64 lower-case hexadecimal digits', () => {
  expect(sha256(Buffer.alloc(0))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});
