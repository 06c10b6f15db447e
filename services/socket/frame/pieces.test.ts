/**
 * The general pieces, given what they cannot work with, and asked in an order of the caller's own.
 */
import { describe, expect, test } from 'vitest';
import { ascii5Decoder, encodeAscii5 } from './ascii5.ts';
import type { Decoder } from './decoder.ts';
import { DelimitedDecoder } from './delimited.ts';
import { fixedDecoder } from './fixed.ts';
import { HeadedDecoder } from './headed.ts';
import { encodeLengthPrefix, lengthPrefixDecoder, type LengthPrefix } from './length-prefix.ts';
import { encodePrefix32, prefix32Decoder } from './prefix32.ts';
import { encodeTyped, typedDecoder } from './typed.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

const prefixOf = (width: number, byteOrder = 'big-endian'): LengthPrefix => ({ width, byteOrder }) as LengthPrefix;

/** A header of `header` bytes that announces `payload`. */
function announcing(header: number, payload: number): Decoder {
  return new HeadedDecoder(
    { bytes: header, payloadBytes: () => payload, message: (_header, message) => message },
    1000,
  );
}

/** Gives it a byte and asks for a message. */
function fed(decoder: Decoder): unknown {
  decoder.push(bytes(1));
  return decoder.next();
}

const WRONG: [what: string, call: () => unknown][] = [
  ...[0, -1, 7, 1.5, Number.NaN].flatMap((width): [string, () => unknown][] => [
    [`a prefix of ${width} bytes to read`, () => lengthPrefixDecoder(prefixOf(width), 10)],
    [`a prefix of ${width} bytes to write`, () => encodeLengthPrefix(prefixOf(width), bytes(1))],
  ]),
  ['an order that there is not, to read', () => lengthPrefixDecoder(prefixOf(2, 'big'), 10)],
  ['an order that there is not, to write', () => encodeLengthPrefix(prefixOf(2, 'big'), bytes(1))],
  ['a negative length of a type', () => typedDecoder(new Map([[1, -5]]), 10)],
  ['a length of a type that is none', () => typedDecoder(new Map([[1, Number.NaN]]), 10)],
  ['a type that fits no byte, to read', () => typedDecoder(new Map([[300, 1]]), 10)],
  ['a type that fits no byte, to write', () => encodeTyped(new Map([[300, 1]]), { type: 300, payload: bytes(9) })],
  ['a header of half a byte', () => announcing(0.5, 1)],
  ['a header that announces less than nothing', () => fed(announcing(1, -1))],
  ['a header that announces no number', () => fed(announcing(1, Number.NaN))],
  ['messages without a byte', () => fed(announcing(0, 0))],
];

describe('what cannot work is a fault of this program', () => {
  test.each(WRONG)('%s', (_what, call) => {
    expect(call).toThrow(expect.objectContaining({ name: 'FrameError', code: 'malformed', brokenBy: 'local' }));
  });
});

const typed = (): Decoder<unknown> => typedDecoder(new Map([[1, 2]]), 10);
const delimited = (): Decoder<unknown> => new DelimitedDecoder(bytes(13, 10), 10);

/** Two messages whole, and the first bytes of a third. */
const ENDS: [
  framing: string,
  decoder: () => Decoder<unknown>,
  whole: Uint8Array,
  part: Uint8Array,
  expected?: number,
][] = [
  ['prefix32', () => prefix32Decoder(10), encodePrefix32(bytes(1, 2)), bytes(0, 0, 0, 9, 1), 13],
  ['prefix32, in its header', () => prefix32Decoder(10), encodePrefix32(bytes()), bytes(0, 0, 0)],
  ['prefix32, too large', () => prefix32Decoder(10), encodePrefix32(bytes(1)), bytes(0, 0, 0, 11, 1)],
  ['ascii5', () => ascii5Decoder(10), encodeAscii5(bytes(1, 2)), bytes(0x30)],
  ['fixed', () => fixedDecoder(3), bytes(1, 2, 3), bytes(1, 2), 3],
  ['typed', typed, bytes(1, 2, 3), bytes(1, 2), 3],
  ['delimited', delimited, bytes(1, 13, 10), bytes(1, 13)],
];

describe('an end is told of what no message completes, though whole ones wait to be given out', () => {
  test.each(ENDS)('%s', (_framing, decoder, whole, part, expectedBytes) => {
    const clean = decoder();
    for (const chunk of [whole, whole]) clean.push(chunk);
    expect(clean.end()).toEqual({ kind: 'clean' });
    expect([clean.next(), clean.next()]).not.toContain('need-more');
    expect([clean.next(), clean.end()]).toEqual(['need-more', { kind: 'clean' }]);
    const cut = decoder();
    for (const chunk of [whole, whole, part]) cut.push(chunk);
    expect(cut.end()).toEqual({ kind: 'truncated', receivedBytes: part.length, expectedBytes });
    expect([cut.next(), cut.next()]).not.toContain('need-more');
  });
});
