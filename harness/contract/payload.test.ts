import { createHash } from 'node:crypto';

import { expect, test } from 'vitest';

import { messageOffset, wireBytes } from './framing.ts';
import { echoOf, payload, payloadKey, payloadPieces, sha256, sha256Of } from './payload.ts';
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

test.each(['bytes', 'text', 'zeros'] as const)(
  'a large payload of %s comes in pieces, and may be left where it is',
  (content) => {
    const large = shape({ content, messageBytes: 1_000_000 });
    const pieces = [...payloadPieces(large, 'k', 3)];
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(65_536);
    expect(Buffer.concat(pieces).equals(payload(large, 'k', 3))).toBe(true);
    expect(sha256Of(payloadPieces(large, 'k', 3))).toBe(sha256(payload(large, 'k', 3)));
    const begun = Buffer.concat([...payloadPieces(large, 'k', 3, 70_001)]);
    expect(begun.equals(payload(large, 'k', 3).subarray(0, 70_001))).toBe(true);
  },
);

test('the last block of a large payload is the digest of its own number', () => {
  const large = payload(shape({ messageBytes: 200_000 }), 'k', 0);
  const last = createHash('sha256').update('k:0:6249').digest();
  expect(large.subarray(-32).equals(last)).toBe(true);
  expect(large).toHaveLength(200_000);
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
