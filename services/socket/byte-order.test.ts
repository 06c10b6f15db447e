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

  test('refuses what does not fit', () => {
    expect(() => htons(65_536)).toThrow(RangeError);
    expect(() => htons(-1)).toThrow(RangeError);
    expect(() => htons(1.5)).toThrow(RangeError);
    expect(() => htonl(2 ** 32)).toThrow(RangeError);
    expect(() => htonll(2n ** 64n)).toThrow(RangeError);
    expect(() => htonll(-1n)).toThrow(RangeError);
    expect(() => ntohs(65_536)).toThrow(RangeError);
    expect(() => ntohl(-1)).toThrow(RangeError);
    // @ts-expect-error A text is no number.
    expect(() => htons('1')).toThrow(RangeError);
    // @ts-expect-error Nor is a number a bigint.
    expect(() => ntohll(1)).toThrow(RangeError);
  });
});

test('small numbers are smaller in ASCII than in binary, large ones are not', () => {
  const ascii = (value: number): number => new TextEncoder().encode(`${value} `).length;
  const binary = Uint32Array.BYTES_PER_ELEMENT;
  expect(ascii(0)).toBeLessThan(binary);
  expect(ascii(1)).toBeLessThan(binary);
  expect(ascii(4_000_000_000)).toBeGreaterThan(binary);
});
