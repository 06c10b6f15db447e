import { describe, expect, test } from 'vitest';
import { htonl, htonll, htons, ntohl, ntohll, ntohs } from './byte-order.ts';

describe('the swap', () => {
  test('puts the high byte first in memory, as the network has it', () => {
    expect([...new Uint8Array(Uint16Array.of(htons(1)).buffer)]).toEqual([0, 1]);
    expect([...new Uint8Array(Uint32Array.of(htonl(0x0102_0304)).buffer)]).toEqual([1, 2, 3, 4]);
    expect([...new Uint8Array(BigUint64Array.of(htonll(1n)).buffer)]).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
  });

  test.each([0, 1, 0x00ff, 0xff00, 0xffff])('there and back is %i again', (value) => {
    expect(ntohs(htons(value))).toBe(value);
    expect(ntohl(htonl(value * 0x1_0001))).toBe(value * 0x1_0001);
    expect(ntohll(htonll(BigInt(value) << 40n))).toBe(BigInt(value) << 40n);
  });

  const wrong = (value: unknown): never => value as never;
  test.each<[string, () => unknown]>([
    ['one more than 16 bits hold', () => htons(65_536)],
    ['less than nothing', () => htons(-1)],
    ['a fraction', () => htons(1.5)],
    ['one more than 32 bits hold', () => htonl(2 ** 32)],
    ['one more than 64 bits hold', () => htonll(2n ** 64n)],
    ['less than nothing, of 64 bits', () => htonll(-1n)],
    ['one more than 16 bits hold, back', () => ntohs(65_536)],
    ['less than nothing, back', () => ntohl(-1)],
    ['a text', () => htons(wrong('1'))],
    ['a symbol', () => htonl(wrong(Symbol('one')))],
    ['an object without a text', () => ntohs(wrong(Object.create(null)))],
    ['a number for a bigint', () => ntohll(wrong(1))],
  ])('refuses %s, by a range error with the code of a wrong argument', (_what, convert) => {
    expect(convert).toThrow(RangeError);
    expect(convert).toThrow(expect.objectContaining({ code: 'invalid' }));
  });
});

test('small numbers are smaller in ASCII than in binary, large ones are not', () => {
  const ascii = (value: number): number => new TextEncoder().encode(`${value} `).length;
  const binary = Uint32Array.BYTES_PER_ELEMENT;
  expect(ascii(0)).toBeLessThan(binary);
  expect(ascii(1)).toBeLessThan(binary);
  expect(ascii(4_000_000_000)).toBeGreaterThan(binary);
});
