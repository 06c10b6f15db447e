import { createHash, randomBytes } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { Rig, toxic } from '../rig.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('reset', () => {
  test.for([1, 5, 1000, 1_000_000, 4_194_304])(
    'gives the receiver exactly %d bytes and then a reset, and resets the sender',
    async (bytes) => {
      await using rig = new Rig();
      const { client, server } = await rig.pair([toxic('reset', { bytes })]);
      const sent = randomBytes(bytes + 70_000);
      client.socket.write(sent);
      expect(await server.end()).toBe('reset');
      expect(await client.end()).toBe('reset');
      expect(sha256(server.received)).toBe(sha256(sent.subarray(0, bytes)));
      expect(rig.told('effect')).toMatchObject([{ effect: 'reset', offset: bytes }]);
      expect(rig.told('effect')[0]?.['detail']).toBe(`the receiver's kernel acknowledged all ${bytes} bytes`);
    },
  );

  test('waits for a receiver that begins to read late, so that it still reads exactly its bytes', async () => {
    await using rig = new Rig();
    const bytes = 4_194_304;
    const { client, server } = await rig.pair([toxic('reset', { bytes })]);
    server.socket.pause();
    const sent = randomBytes(bytes + 70_000);
    client.socket.write(sent);
    // By then most of it waits in the proxy and in both kernels.
    await rig.until('wrote');
    server.socket.resume();
    expect(await server.end()).toBe('reset');
    expect(sha256(server.received)).toBe(sha256(sent.subarray(0, bytes)));
    expect(rig.told('effect')[0]?.['detail']).toBe(`the receiver's kernel acknowledged all ${bytes} bytes`);
  });

  test('waits for a receiver that reads nothing for seconds, then gives it exactly its bytes', async () => {
    await using rig = new Rig();
    const bytes = 1_000_000;
    const { proxy, client, server } = await rig.pair([toxic('reset', { bytes })]);
    server.socket.pause();
    const sent = randomBytes(bytes + 70_000);
    client.socket.write(sent);
    while (proxy.bytes.upstream.read < bytes) await new Promise((resolve) => setImmediate(resolve));
    // Longer than a reset waits that has no place to be exact at.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(rig.told('rst-wrote')).toEqual([]);
    server.socket.resume();
    expect(await server.end()).toBe('reset');
    expect(sha256(server.received)).toBe(sha256(sent.subarray(0, bytes)));
    expect(rig.told('effect')[0]?.['detail']).toBe(`the receiver's kernel acknowledged all ${bytes} bytes`);
  });

  test('waits as long as its patience says, and no longer, and tells what arrived', async () => {
    await using rig = new Rig();
    const bytes = 1_000_000;
    const { client, server } = await rig.pair([toxic('reset', { bytes, patience: 100 })]);
    server.socket.pause();
    client.socket.write(randomBytes(bytes + 70_000));
    const effect = await rig.until('effect', { effect: 'reset' });
    expect(effect['detail']).toMatch(new RegExp(`acknowledged \\d+ of ${bytes} bytes`));
    expect(await client.end()).toBe('reset');
  });

  test('that waits for its receiver is hurried by another that is to come now', async () => {
    await using rig = new Rig();
    const bytes = 1_000_000;
    const { proxy, client, server } = await rig.pair([toxic('reset', { bytes })]);
    server.socket.pause();
    client.socket.write(randomBytes(bytes + 70_000));
    while (proxy.bytes.upstream.read < bytes) await new Promise((resolve) => setImmediate(resolve));
    rig.add(proxy, toxic('reset', { bytes: 0, patience: 0 }, { name: 'now' }));
    expect(await client.end()).toBe('reset');
    expect(rig.told('effect', { effect: 'reset' })).toMatchObject([{ toxic: 'now' }]);
  });

  test('lets a receiver that reads only afterwards read exactly its bytes', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('reset', { bytes: 30_000 })]);
    server.socket.pause();
    const sent = randomBytes(40_000);
    client.socket.write(sent);
    await rig.until('rst-wrote', { direction: 'upstream' });
    server.socket.resume();
    expect(await server.end()).toBe('reset');
    expect(sha256(server.received)).toBe(sha256(sent.subarray(0, 30_000)));
  });

  test('with 0 resets at connect, though nothing was sent', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('reset', { bytes: 0 })]);
    expect(await client.end()).toBe('reset');
    expect(await server.end()).toBe('reset');
    expect(rig.told('effect')).toMatchObject([{ effect: 'reset', offset: 0 }]);
  });

  test('added after its byte has passed, resets an idle connection at once', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair();
    client.socket.write('seven b');
    await server.has(7);
    rig.add(proxy, toxic('reset', { bytes: 3 }));
    expect(await client.end()).toBe('reset');
    expect(await server.end()).toBe('reset');
    expect(server.received.toString()).toBe('seven b');
  });

  test('tells how many bytes arrived when the receiver does not take them all', { timeout: 30_000 }, async () => {
    await using rig = new Rig();
    const bytes = 16 * 1024 * 1024;
    const { proxy, client, server } = await rig.pair();
    server.socket.pause();
    client.socket.write(randomBytes(bytes));
    // The receiver's window is full when the proxy has stopped reading.
    let before = -1;
    while (before !== rig.events.length) {
      before = rig.events.length;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    rig.add(proxy, toxic('reset', { bytes: 0 }, { name: 'now' }));
    const effect = await rig.until('effect', { toxic: 'now' });
    const [, acknowledged, all] = /acknowledged (\d+) of (\d+) bytes/.exec(String(effect['detail'])) ?? [];
    expect(Number(acknowledged)).toBeGreaterThan(0);
    expect(Number(acknowledged)).toBeLessThan(Number(all));
  });

  test('leaves connections alone that it is not for', async () => {
    await using rig = new Rig();
    const { proxy, upstream, client } = await rig.pair([toxic('reset', { bytes: 2, connections: { order: [2] } })]);
    const first = await rig.client(proxy);
    const second = await upstream.next();
    first.socket.write('abcd');
    expect(await second.end()).toBe('reset');
    expect(second.received.toString()).toBe('ab');
    client.socket.end('abcd');
    await rig.until('fin-read', { conn: 1, direction: 'upstream' });
    expect(rig.told('effect')).toMatchObject([{ conn: 2 }]);
  });

  test('keeps bytes that were late before the reset that is after them', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([
      toxic('reset', { bytes: 4 }),
      toxic('latency', { latency: 60 }, { name: 'late' }),
    ]);
    client.socket.write('abcdef');
    expect(await server.end()).toBe('reset');
    expect(server.received.toString()).toBe('abcd');
    const [read] = rig.told('read');
    const [reset] = rig.told('rst-wrote', { direction: 'upstream' });
    expect((reset?.at ?? 0) - (read?.at ?? 0)).toBeGreaterThanOrEqual(59_900);
  });
});

describe('fin', () => {
  test('ends one direction after exactly n bytes, loses what follows, and lets the other go on', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('fin', { bytes: 4 })]);
    client.socket.write('abcdef');
    expect(await server.end()).toBe('fin');
    expect(server.received.toString()).toBe('abcd');
    client.socket.write('more');
    server.socket.end('reply');
    expect(await client.end()).toBe('fin');
    expect(client.received.toString()).toBe('reply');
    await rig.until('effect', { effect: 'swallowed', offset: 6 });
    expect(rig.told('effect')).toMatchObject([
      { effect: 'ended', offset: 4 },
      { effect: 'swallowed', offset: 4, bytes: 2 },
      { effect: 'swallowed', offset: 6, bytes: 4 },
    ]);
    client.socket.end();
    await rig.until('closed');
    expect(rig.told('fin-wrote', { direction: 'upstream' })).toMatchObject([{ offset: 4 }]);
  });

  test('lifted, tells of what still comes and is lost, and ends no second time', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('fin', { bytes: 2 })]);
    client.socket.write('abc');
    expect(await server.end()).toBe('fin');
    rig.remove(proxy, 'f0');
    client.socket.end('late');
    const { offset, bytes } = await rig.until('effect', { effect: 'swallowed', offset: 3 });
    expect({ offset, bytes }).toEqual({ offset: 3, bytes: 4 });
    await rig.until('fin-read', { direction: 'upstream' });
    server.socket.end();
    await rig.until('closed');
    expect(rig.told('fin-wrote', { direction: 'upstream' })).toMatchObject([{ offset: 2 }]);
    expect(server.received.toString()).toBe('ab');
  });
});

test('what passes a cut is not overwritten by what is lost after it, though a delay keeps it', async () => {
  await using rig = new Rig();
  const { client, server } = await rig.pair([
    toxic('fin', { bytes: 500_000 }),
    toxic('latency', { latency: 150 }, { name: 'late' }),
  ]);
  const sent = randomBytes(8 * 1024 * 1024);
  client.socket.write(sent);
  expect(await server.end()).toBe('fin');
  expect(sha256(server.received)).toBe(sha256(sent.subarray(0, 500_000)));
});
