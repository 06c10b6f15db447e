/**
 * Whose memory it is: what was received is the caller's alone, and what a caller gives away costs nothing but its call.
 */
import { describe, expect, test } from 'vitest';
import { KINDS, pair } from './pair.ts';

const DIGITS = Buffer.from('0123456789'.repeat(10));

/** Gives the memory behind `bytes` away: they are gone from here. */
function giveAway(bytes: Uint8Array): void {
  structuredClone(bytes.buffer, { transfer: [bytes.buffer as ArrayBuffer] });
  expect(bytes).toHaveLength(0);
}

describe.each(KINDS)('a %s socket', (kind) => {
  test('keeps what has come while it waits to fill memory that was given away meanwhile', async () => {
    const { socket, peer } = await pair(kind);
    const target = new Uint8Array(100);
    const waits = socket.recvInto(target);
    giveAway(target);
    peer.write(DIGITS);
    await expect(waits).rejects.toMatchObject({ op: 'recv', code: 'invalid' });
    expect(Buffer.from(await socket.recvExactly(100))).toEqual(DIGITS);
  });

  test('loses nothing to a part that it handed out: its memory, which is that of the rest, cannot be given away', async () => {
    const { socket, peer } = await pair(kind);
    peer.write(DIGITS);
    expect(await socket.peek(100)).toHaveLength(100);
    const part = await socket.recv(10);
    expect(() => giveAway(part)).toThrow(expect.objectContaining({ name: 'DataCloneError' }));
    giveAway(await socket.peek(10));
    expect(Buffer.from(await socket.recvExactly(90))).toEqual(DIGITS.subarray(10));
    peer.write(DIGITS);
    giveAway(await socket.recv(100));
  });

  test('loses nothing of what a message that was not whole left behind', async () => {
    const { socket, peer } = await pair(kind);
    peer.end(DIGITS);
    await expect(socket.recvExactly(101)).rejects.toMatchObject({ code: 'truncated' });
    giveAway(await socket.peek(10));
    const part = await socket.recv(10);
    expect(() => giveAway(part)).toThrow(expect.objectContaining({ name: 'DataCloneError' }));
    expect(Buffer.from(await socket.recvExactly(90))).toEqual(DIGITS.subarray(10));
  });
});
