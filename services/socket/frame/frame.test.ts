import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ascii5Decoder, encodeAscii5 } from './ascii5.ts';
import { FrameError, type Decoder } from './decoder.ts';
import { DelimitedDecoder, encodeDelimited } from './delimited.ts';
import { decodeChunks, everyWay } from './feed.ts';
import { encodeFixed, fixedDecoder } from './fixed.ts';
import { encodeLengthPrefix, lengthPrefixDecoder, type LengthPrefix } from './length-prefix.ts';
import { encodePrefix32, prefix32Decoder } from './prefix32.ts';
import { encodeTyped, typedDecoder, type TypedMessage } from './typed.ts';
import { UntilEndDecoder } from './until-end.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const join = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

const LIMIT = 1000;
const LF = bytes(0x0a);
const CRLF = bytes(0x0d, 0x0a);
const LENGTHS = new Map([
  [1, 2],
  [2, 5],
]);

/** One framing as the tests need it: what it can carry, how it writes, how it reads. */
interface Framing {
  readonly name: string;
  readonly payload: fc.Arbitrary<Uint8Array>;
  readonly encode: (payload: Uint8Array) => Uint8Array;
  readonly decoder: () => Decoder;
}

const any = fc.uint8Array({ maxLength: 40 });
const without = (...banned: number[]): fc.Arbitrary<Uint8Array> =>
  any.map((payload) => payload.filter((byte) => !banned.includes(byte)));

const prefixed = (prefix: LengthPrefix): Framing => ({
  name: `length-prefix ${prefix.width} ${prefix.byteOrder}`,
  payload: any,
  encode: (payload) => encodeLengthPrefix(prefix, payload),
  decoder: () => lengthPrefixDecoder(prefix, LIMIT),
});

const FRAMINGS: Framing[] = [
  { name: 'prefix32', payload: any, encode: encodePrefix32, decoder: () => prefix32Decoder(LIMIT) },
  { name: 'ascii5', payload: any, encode: encodeAscii5, decoder: () => ascii5Decoder(LIMIT) },
  {
    name: 'fixed',
    payload: fc.uint8Array({ minLength: 7, maxLength: 7 }),
    encode: (payload) => encodeFixed(7, payload),
    decoder: () => fixedDecoder(7),
  },
  {
    name: 'delimited by LF',
    payload: without(0x0a),
    encode: (payload) => encodeDelimited(LF, payload),
    decoder: () => new DelimitedDecoder(LF, LIMIT),
  },
  {
    name: 'delimited by CRLF',
    payload: without(0x0a),
    encode: (payload) => encodeDelimited(CRLF, payload),
    decoder: () => new DelimitedDecoder(CRLF, LIMIT),
  },
  prefixed({ width: 1, byteOrder: 'big-endian' }),
  prefixed({ width: 2, byteOrder: 'little-endian' }),
  prefixed({ width: 6, byteOrder: 'big-endian' }),
];

test('a character of several bytes is whole again, wherever it was cut', () => {
  const text = 'aß€😀';
  for (const { encode, decoder } of FRAMINGS.filter(({ name }) => name !== 'fixed')) {
    for (const [, chunks] of everyWay(encode(ascii(text)))) {
      const { messages } = decodeChunks(decoder(), chunks);
      expect(messages.map((message) => new TextDecoder().decode(message))).toEqual([text]);
    }
  }
});

describe.each(FRAMINGS)('$name', ({ payload, encode, decoder }) => {
  test('gives the same messages however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 4 }), (messages) => {
        for (const [, chunks] of everyWay(join(messages.map(encode)))) {
          expect(decodeChunks(decoder(), chunks)).toEqual({ messages, ending: { kind: 'clean' } });
        }
      }),
      { numRuns: 40 },
    );
  });

  test('gives the same messages for any cuts of a longer stream', () => {
    fc.assert(
      fc.property(
        fc.array(payload, { minLength: 1, maxLength: 40 }),
        fc.array(fc.nat(50), { minLength: 1 }),
        (messages, sizes) => {
          const wire = join(messages.map(encode));
          const chunks: Uint8Array[] = [];
          for (let at = 0, nth = 0; at < wire.length; nth += 1) {
            const size = (sizes[nth % sizes.length] ?? 0) + (nth % 3 === 0 ? 1 : 0);
            chunks.push(wire.slice(at, at + size));
            at += size;
          }
          expect(decodeChunks(decoder(), chunks).messages).toEqual(messages);
        },
      ),
    );
  });

  test('gives the same messages, and changes none, when large pieces and small ones alternate', () => {
    fc.assert(
      fc.property(
        fc.array(payload, { minLength: 3, maxLength: 40 }),
        fc.array(fc.oneof(fc.integer({ min: 4000, max: 9000 }), fc.integer({ min: 1, max: 20 })), { minLength: 1 }),
        (some, sizes) => {
          const messages = Array.from({ length: 1500 }, (_, nth) => some[nth % some.length] ?? bytes());
          const wire = join(messages.map(encode));
          const chunks: Uint8Array[] = [];
          for (let at = 0, nth = 0; at < wire.length; nth += 1) {
            const size = sizes[nth % sizes.length] ?? 1;
            // Enough small pieces are looked at after some hundred.
            chunks.push(wire.slice(at, nth < 300 ? at + size : undefined));
            at += nth < 300 ? size : wire.length;
          }
          const { messages: got, ending } = decodeChunks(decoder(), chunks);
          expect(ending).toEqual({ kind: 'clean' });
          expect(Buffer.compare(join(got), join(messages))).toBe(0);
          expect(got.map(({ length }) => length)).toEqual(messages.map(({ length }) => length));
        },
      ),
      { numRuns: 15 },
    );
  });

  test('an end inside a message is told as one, with the bytes that came', () => {
    fc.assert(
      fc.property(payload, payload, (whole, broken) => {
        const wire = encode(broken);
        for (let at = 1; at < wire.length; at += 1) {
          const { messages, ending } = decodeChunks(decoder(), [encode(whole), wire.subarray(0, at)]);
          expect(messages).toEqual([whole]);
          expect(ending).toMatchObject({ kind: 'truncated', receivedBytes: at });
        }
      }),
      { numRuns: 40 },
    );
  });

  test('what was given out is not changed by what comes later', () => {
    fc.assert(
      fc.property(payload, fc.array(payload, { maxLength: 20 }), (first, later) => {
        const reading = decoder();
        const taken: Uint8Array[] = [];
        for (const byte of join([first, ...later].map(encode))) {
          reading.push(bytes(byte));
          for (let got = reading.next(); got !== 'need-more'; got = reading.next()) taken.push(got);
        }
        expect(taken).toEqual([first, ...later]);
      }),
    );
  });
});

describe('limits', () => {
  test('prefix32 refuses an announcement above the limit before the payload comes', () => {
    const decoder = prefix32Decoder(1000);
    decoder.push(bytes(0, 0, 0x03, 0xe9));
    expect(() => decoder.next()).toThrow(expect.objectContaining({ code: 'too-large', brokenBy: 'remote' }));
    decoder.push(bytes(1, 2, 3));
    expect(() => decoder.next()).toThrow(FrameError);
  });

  test('prefix32 accepts a message of exactly the limit', () => {
    expect(decodeChunks(prefix32Decoder(3), [bytes(0, 0, 0, 3, 7, 8, 9)]).messages).toEqual([bytes(7, 8, 9)]);
  });

  test('prefix32 gives an empty message for the length 0', () => {
    expect(decodeChunks(prefix32Decoder(3), [bytes(0, 0, 0, 0)]).messages).toEqual([bytes()]);
  });

  test('prefix32 says how long the truncated message would have been', () => {
    const { ending } = decodeChunks(prefix32Decoder(9), [bytes(0, 0, 0, 9, 1, 2)]);
    expect(ending).toEqual({ kind: 'truncated', receivedBytes: 6, expectedBytes: 13 });
  });

  test('prefix32 reads lengths above 2 GiB as what they are', () => {
    const decoder = prefix32Decoder(2 ** 31);
    decoder.push(bytes(0xff, 0xff, 0xff, 0xff));
    expect(() => decoder.next()).toThrow('4294967295 bytes');
  });

  test.each([
    ['0 4 2', ascii('0 4 2payload')],
    ['a sign', ascii('+0042payload')],
    ['NUL', bytes(0x30, 0x30, 0, 0x34, 0x32)],
  ])('ascii5 refuses a header with %s', (_name, wire) => {
    const decoder = ascii5Decoder(LIMIT);
    decoder.push(wire);
    expect(() => decoder.next()).toThrow(expect.objectContaining({ code: 'malformed', brokenBy: 'remote' }));
  });

  test('ascii5 waits for all five digits before it judges the length', () => {
    const decoder = ascii5Decoder(LIMIT);
    decoder.push(ascii('9999'));
    expect(decoder.next()).toBe('need-more');
    decoder.push(ascii('9'));
    expect(() => decoder.next()).toThrow(expect.objectContaining({ code: 'too-large' }));
  });

  test('ascii5 cannot write what five digits cannot count', () => {
    expect(() => encodeAscii5(new Uint8Array(100_000))).toThrow(expect.objectContaining({ brokenBy: 'local' }));
  });

  test.each([LF, CRLF])('a delimited message may be exactly as long as the limit, and no longer', (delimiter) => {
    const decoder = new DelimitedDecoder(delimiter, 3);
    decoder.push(join([ascii('abc'), delimiter, ascii('abcd'), delimiter]));
    expect(decoder.next()).toEqual(ascii('abc'));
    expect(() => decoder.next()).toThrow(expect.objectContaining({ code: 'too-large', brokenBy: 'remote' }));
  });

  test('a delimited message that never ends is refused as soon as it is too long', () => {
    const decoder = new DelimitedDecoder(CRLF, 3);
    decoder.push(ascii('abc\r'));
    expect(decoder.next()).toBe('need-more');
    decoder.push(ascii('d'));
    expect(() => decoder.next()).toThrow(expect.objectContaining({ code: 'too-large' }));
    decoder.push(join([CRLF, ascii('ok'), CRLF]));
    expect(() => decoder.next()).toThrow(expect.objectContaining({ code: 'too-large' }));
  });

  test('a payload that contains the delimiter cannot be written', () => {
    expect(() => encodeDelimited(CRLF, ascii('a\r\nb'))).toThrow(expect.objectContaining({ brokenBy: 'local' }));
  });

  /** A text has no bytes, and this is no number of them: this program's fault, told before anything is done. */
  const wrong = (value: unknown): never => value as never;
  test.each<[string, () => unknown]>([
    ['a text pushed', () => prefix32Decoder(9).push(wrong('text'))],
    ['a text for prefix32', () => encodePrefix32(wrong('text'))],
    ['a text for ascii5', () => encodeAscii5(wrong('text'))],
    ['a text for delimited', () => encodeDelimited(LF, wrong('text'))],
    ['a text for fixed', () => encodeFixed(4, wrong('text'))],
    ['a text for typed', () => encodeTyped(LENGTHS, { type: 1, payload: wrong('ab') })],
    ['a delimiter that is a text', () => new DelimitedDecoder(wrong(','), 9)],
    ['an empty delimiter', () => new DelimitedDecoder(bytes(), 9)],
    ['a negative limit', () => prefix32Decoder(-1)],
    ['a limit that is none', () => new DelimitedDecoder(LF, Number.NaN)],
    ['half a byte as limit', () => new UntilEndDecoder(1.5)],
    ['messages of no bytes', () => fixedDecoder(0)],
  ])('%s is refused as our own fault', (_what, call) => {
    expect(call).toThrow(expect.objectContaining({ name: 'FrameError', brokenBy: 'local' }));
  });

  test('fixed refuses to write another length', () => {
    expect(() => encodeFixed(7, bytes(1))).toThrow(expect.objectContaining({ brokenBy: 'local' }));
  });
});

describe('typed', () => {
  const messages: TypedMessage[] = [
    { type: 2, payload: ascii('hello') },
    { type: 1, payload: bytes(0, 0) },
    { type: 2, payload: bytes(1, 2, 3, 4, 5) },
  ];
  const wire = join(messages.map((message) => encodeTyped(LENGTHS, message)));

  test('gives the same messages however the stream is cut', () => {
    for (const [, chunks] of everyWay(wire)) {
      expect(decodeChunks(typedDecoder(LENGTHS, LIMIT), chunks)).toEqual({ messages, ending: { kind: 'clean' } });
    }
  });

  test('refuses a type that it does not know', () => {
    const decoder = typedDecoder(LENGTHS, LIMIT);
    decoder.push(bytes(3, 1, 1));
    expect(() => decoder.next()).toThrow(expect.objectContaining({ code: 'malformed', brokenBy: 'remote' }));
  });
});

test('a message much larger than its pieces comes whole, and the next one after it', () => {
  const large = Uint8Array.from({ length: 50_000 }, (_, at) => at % 251);
  const wire = join([encodePrefix32(bytes(1)), encodePrefix32(large), encodePrefix32(bytes(2, 3))]);
  for (const size of [1000, 4096, 5000, 8193, 50_001, 50_008]) {
    const chunks = Array.from({ length: Math.ceil(wire.length / size) }, (_, nth) =>
      wire.slice(nth * size, (nth + 1) * size),
    );
    const { messages, ending } = decodeChunks(prefix32Decoder(50_000), chunks);
    expect(ending).toEqual({ kind: 'clean' });
    expect(messages.map(({ length }) => length)).toEqual([1, 50_000, 2]);
    expect(Buffer.compare(join(messages), join([bytes(1), large, bytes(2, 3)]))).toBe(0);
  }
});

describe('until-end', () => {
  test('gives one message, the whole stream, however it is cut', () => {
    const whole = ascii('all of it, \0 and LF\n too');
    for (const [, chunks] of everyWay(whole)) {
      expect(decodeChunks(new UntilEndDecoder(LIMIT), chunks).messages).toEqual([whole]);
    }
  });

  test('gives no message for an empty stream', () => {
    expect(decodeChunks(new UntilEndDecoder(LIMIT), [])).toEqual({ messages: [], ending: { kind: 'clean' } });
  });

  test('refuses a stream that grows above the limit', () => {
    const decoder = new UntilEndDecoder(3);
    decoder.push(ascii('abc'));
    expect(decoder.next()).toBe('need-more');
    decoder.push(ascii('d'));
    expect(() => decoder.next()).toThrow(expect.objectContaining({ code: 'too-large' }));
  });
});
