import { createHash, randomBytes } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { Rig, toxic } from '../rig.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('hold', () => {
  test('keeps bytes and the end until it is lifted, then gives all in order', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('hold', { bytes: 4 })]);
    client.socket.write('abcdef');
    await rig.until('effect', { effect: 'held', offset: 4, bytes: 2 });
    client.socket.end('ghi');
    await rig.until('effect', { effect: 'held', offset: 6, bytes: 3 });
    await rig.until('fin-read');
    await server.has(4);
    expect(server.received.toString()).toBe('abcd');
    expect(server.ending).toBeUndefined();
    rig.remove(proxy, 'f0');
    expect(await server.end()).toBe('fin');
    expect(server.received.toString()).toBe('abcdefghi');
    expect(rig.told('effect', { effect: 'released' })).toMatchObject([{ offset: 4, bytes: 5 }]);
  });

  test('keeps an end that stands at its byte', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('hold', { bytes: 4 })]);
    client.socket.end('abcd');
    await rig.until('effect', { effect: 'held', offset: 4, bytes: 0 });
    await server.has(4);
    expect(rig.told('fin-wrote')).toEqual([]);
    rig.remove(proxy, 'f0');
    expect(await server.end()).toBe('fin');
  });

  test('keeps a bounded number of bytes, then makes the sender wait', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('hold', { bytes: 0 })]);
    const bytes = randomBytes(40 * 1024 * 1024);
    client.socket.write(bytes);
    const readSoFar = (): number => rig.told('read').reduce((sum, event) => sum + Number(event['bytes']), 0);
    let before = -1;
    while (before !== readSoFar() || before < 15 * 1024 * 1024) {
      before = readSoFar();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(before).toBeLessThan(18 * 1024 * 1024);
    rig.remove(proxy, 'f0');
    await server.has(bytes.length);
    expect(sha256(server.received)).toBe(sha256(bytes));
  });
});

describe('swallow', () => {
  test('loses bytes and the end, and resets both sides when it is lifted', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('swallow', { bytes: 4 })]);
    client.socket.end('abcdef');
    await rig.until('effect', { effect: 'swallowed', detail: 'fin' });
    await server.has(4);
    expect(rig.told('effect')).toMatchObject([{ offset: 4, bytes: 2 }, { offset: 6 }]);
    expect(server.received.toString()).toBe('abcd');
    expect(server.ending).toBeUndefined();
    server.socket.write('unanswered');
    await client.has(10);
    rig.remove(proxy, 'f0');
    expect(await server.end()).toBe('reset');
    expect(await client.end()).toBe('reset');
    expect(server.received.toString()).toBe('abcd');
  });

  test('lifted before it lost anything, lets the connection live', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('swallow', { bytes: 4 })]);
    client.socket.write('ab');
    await server.has(2);
    rig.remove(proxy, 'f0');
    client.socket.end('cdef');
    expect(await server.end()).toBe('fin');
    expect(server.received.toString()).toBe('abcdef');
  });

  test('keeps a reset from the receiver too: it sees silence', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('swallow', { bytes: 0 })]);
    client.socket.resetAndDestroy();
    await rig.until('effect', { effect: 'swallowed', detail: 'rst' });
    server.socket.write('anyone?');
    await rig.until('read', { direction: 'downstream' });
    expect(server.ending).toBeUndefined();
    expect(rig.told('closed')).toEqual([]);
  });
});

describe('stall', () => {
  test('stops reading at byte n, and resumes without loss', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('stall', { bytes: 4 })]);
    const bytes = randomBytes(24 * 1024 * 1024);
    let taken = false;
    client.socket.write(bytes, () => {
      taken = true;
    });
    await server.has(4);
    await rig.until('effect', { effect: 'stalled', offset: 4 });
    server.socket.write('the other way is free');
    await client.has(21);
    const read = rig.told('read', { direction: 'upstream' }).reduce((sum, event) => sum + Number(event['bytes']), 0);
    expect(read).toBeLessThanOrEqual(128 * 1024);
    expect(server.receivedBytes).toBe(4);
    expect(taken).toBe(false);
    rig.remove(proxy, 'f0');
    await server.has(bytes.length);
    expect(sha256(server.received)).toBe(sha256(bytes));
  });
});
