import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { Rig, toxic } from '../rig.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const hexPort = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');

describe('a relay without toxics', () => {
  test('passes bytes both ways and numbers what it read and wrote from the start', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair();
    client.socket.write('question');
    await server.has(8);
    server.socket.write('answer');
    await client.has(6);
    expect(server.received.toString()).toBe('question');
    expect(client.received.toString()).toBe('answer');
    expect(rig.told('read', { direction: 'upstream' })[0]).toMatchObject({ conn: 1, offset: 0, bytes: 8 });
    expect(rig.told('wrote', { direction: 'downstream' })[0]).toMatchObject({ conn: 1, offset: 0, bytes: 6 });
  });

  test('lets the server answer after the client has ended its direction', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair();
    client.socket.end('request');
    expect(await server.end()).toBe('fin');
    expect(client.ending).toBeUndefined();
    server.socket.end('late reply');
    expect(await client.end()).toBe('fin');
    expect(client.received.toString()).toBe('late reply');
    await rig.until('closed');
    expect(rig.told('fin-wrote')).toMatchObject([
      { direction: 'upstream', offset: 7 },
      { direction: 'downstream', offset: 10 },
    ]);
  });

  test('lets the client go on after the server has ended its direction', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair();
    server.socket.end();
    expect(await client.end()).toBe('fin');
    client.socket.end('still talking');
    expect(await server.end()).toBe('fin');
    expect(server.received.toString()).toBe('still talking');
    await rig.until('closed');
  });

  test.for(['client', 'server'] as const)(
    'passes a reset by the %s as a reset, after the bytes before it',
    async (who) => {
      await using rig = new Rig();
      const pair = await rig.pair();
      const [from, to] = who === 'client' ? [pair.client, pair.server] : [pair.server, pair.client];
      const bytes = randomBytes(300_000);
      await new Promise((resolve) => from.socket.write(bytes, resolve));
      await to.has(1);
      // The rest is still under way when the reset is asked for; a reset before it was read would cut it.
      await to.has(bytes.length);
      from.socket.resetAndDestroy();
      expect(await to.end()).toBe('reset');
      expect(sha256(to.received)).toBe(sha256(bytes));
      const direction = who === 'client' ? 'upstream' : 'downstream';
      expect(rig.told('rst-read')).toMatchObject([{ direction, offset: bytes.length }]);
      expect(rig.told('rst-wrote')).toMatchObject([{ direction, offset: bytes.length }]);
    },
  );

  test('reads every byte that arrived before a reset, though it was not reading when they came', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair();
    client.socket.write('a');
    await server.has(1);
    rig.add(proxy, { name: 'stall', type: 'stall', stream: 'upstream', attributes: { bytes: 0 } });
    await new Promise((resolve) => client.socket.write(randomBytes(50_000), resolve));
    client.socket.resetAndDestroy();
    await new Promise((resolve) => client.socket.once('close', resolve));
    rig.remove(proxy, 'stall');
    expect(await server.end()).toBe('reset');
    expect(server.receivedBytes).toBe(50_001);
  });

  test('reads every byte that arrived before a reset, though it is a write that meets the reset', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair();
    server.socket.write('a');
    await client.has(1);
    rig.add(proxy, { name: 'stall', type: 'stall', attributes: { bytes: 0 } });
    await new Promise((resolve) => server.socket.write(randomBytes(50_000), resolve));
    server.socket.resetAndDestroy();
    await new Promise((resolve) => server.socket.once('close', resolve));
    client.socket.write('anyone?');
    expect(await rig.until('rst-read')).toMatchObject({ direction: 'downstream', offset: 50_001 });
    rig.remove(proxy, 'stall');
    expect(await client.end()).toBe('reset');
    expect(client.receivedBytes).toBe(50_001);
    expect(rig.told('wrote', { direction: 'upstream' })).toEqual([]);
    await rig.until('closed');
  });

  test('ends when a write fails after the peer’s own end, and after a swallowed reset', async () => {
    await using rig = new Rig();
    const swallow = { name: 'lost', type: 'swallow', stream: 'downstream', attributes: { bytes: 0 } };
    for (const toxics of [[], [swallow]]) {
      const { proxy, client, server } = await rig.pair(toxics);
      server.socket.end();
      await rig.until('fin-read', { proxy: proxy.name });
      server.socket.resetAndDestroy();
      await new Promise((resolve) => server.socket.once('close', resolve));
      client.socket.write('anyone?');
      await rig.until('rst-read', { proxy: proxy.name, direction: 'downstream' });
      client.socket.resetAndDestroy();
      await rig.until('closed', { proxy: proxy.name });
      expect(proxy.connections.size).toBe(0);
    }
  });

  test('resets a client whose upstream refuses', async () => {
    await using rig = new Rig();
    const upstream = await rig.upstream();
    const { address } = upstream;
    await new Promise((resolve) => upstream.server.close(resolve));
    const client = await rig.client(await rig.proxy(address));
    expect(await client.end()).toBe('reset');
    expect(rig.told('dial-failed')).toMatchObject([{ conn: 1, code: 'refused' }]);
  });

  test('ends a client whose upstream refuses, when Toxiproxy’s way was asked for', async () => {
    await using rig = new Rig({ refused: 'end' });
    const upstream = await rig.upstream();
    const { address } = upstream;
    await new Promise((resolve) => upstream.server.close(resolve));
    const client = await rig.client(await rig.proxy(address));
    expect(await client.end()).toBe('fin');
  });

  test('makes the sender wait for a receiver that does not read, and loses nothing', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair();
    server.socket.pause();
    const bytes = randomBytes(48 * 1024 * 1024);
    let taken = false;
    client.socket.write(bytes, () => {
      taken = true;
    });
    // The sender has stopped when the proxy has not read for a while: more than its window is not taken.
    let before = -1;
    while (before !== rig.told('read').length) {
      before = rig.told('read').length;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(taken).toBe(false);
    const read = rig.told('read').reduce((sum, event) => sum + Number(event['bytes']), 0);
    const wrote = rig.told('wrote').reduce((sum, event) => sum + Number(event['bytes']), 0);
    expect(read - wrote).toBeLessThan(512 * 1024);
    server.socket.resume();
    await server.has(bytes.length);
    expect(sha256(server.received)).toBe(sha256(bytes));
  });

  test('does not make a buffer for a slow receiver out of the window of a delay', async () => {
    await using rig = new Rig();
    const late = { name: 'late', type: 'latency', stream: 'upstream', attributes: { latency: 1 } };
    const { client, server } = await rig.pair([late]);
    server.socket.pause();
    const MiB = 1024 * 1024;
    client.socket.write(Buffer.alloc(128 * MiB));
    let before = -1;
    while (before !== rig.told('read').length) {
      before = rig.told('read').length;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const sum = (kind: 'read' | 'wrote'): number =>
      rig.told(kind, { direction: 'upstream' }).reduce((bytes, event) => bytes + Number(event['bytes']), 0);
    expect(sum('read') - sum('wrote')).toBeGreaterThan(0);
    // A quarter of the window of 64 MiB, and what the delay held when reading stopped: more, the slower the machine.
    expect(sum('read') - sum('wrote')).toBeLessThan(48 * MiB);
    server.socket.resume();
    await server.has(128 * MiB);
  });

  test('carries 64 MiB each way at once, byte for byte', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair();
    const up = randomBytes(64 * 1024 * 1024);
    const down = randomBytes(64 * 1024 * 1024);
    client.socket.end(up);
    server.socket.end(down);
    await Promise.all([client.end(), server.end()]);
    expect(sha256(server.received)).toBe(sha256(up));
    expect(sha256(client.received)).toBe(sha256(down));
  });

  test('delivers what is queued one way after the other way has ended', async () => {
    await using rig = new Rig();
    const late = { name: 'late', type: 'latency', stream: 'upstream', attributes: { latency: 80 } };
    const { client, server } = await rig.pair([late]);
    client.socket.write('under way');
    await rig.until('read', { direction: 'upstream' });
    server.socket.end('goodbye');
    expect(await client.end()).toBe('fin');
    expect(server.receivedBytes).toBe(0);
    await server.has(9);
    expect(server.received.toString()).toBe('under way');
  });

  test('does not let a silent upstream hold up anybody', async () => {
    await using rig = new Rig({ dialTimeoutMs: 300 });
    const { proxy: hole, upstream } = await rig.pair();
    await hole.update({ hang: true });
    const proxy = await rig.proxy(hole.listen);
    const clients = [await rig.client(proxy), await rig.client(proxy)];
    const beside = await rig.client(await rig.proxy(upstream.address));
    beside.socket.end('prompt');
    expect(await (await upstream.next()).end()).toBe('fin');
    for (const client of clients) expect(await client.end()).toBe('reset');
    const [failed] = rig.told('dial-failed', { proxy: proxy.name, code: 'timeout' });
    const accepted = rig.told('accepted', { proxy: proxy.name });
    expect((failed?.at ?? 0) - (accepted[0]?.at ?? 0)).toBeGreaterThanOrEqual(299_900);
    // Both were accepted, and dialed for, before the first had failed.
    expect(accepted[1]?.seq).toBeLessThan(failed?.seq ?? 0);
  });

  test('speaks IPv6 and Unix sockets on either side', async () => {
    await using rig = new Rig();
    const folder = await mkdtemp(join(tmpdir(), 'halfopen-'));
    try {
      const behind = await rig.upstream({ path: join(folder, 'upstream') });
      const six = await rig.proxy(behind.address, [], '[::1]:0');
      const unix = await rig.proxy(six.listen, [], `unix:${join(folder, 'proxy')}`);
      const client = await rig.client(unix);
      client.socket.end('through both');
      const server = await behind.next();
      expect(await server.end()).toBe('fin');
      expect(server.received.toString()).toBe('through both');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('sends no keepalive of its own on either leg', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair();
    const sockets = readFileSync('/proc/self/net/tcp', 'utf8');
    // The column after the queues is the kind of timer that runs; 02 is keepalive.
    const timerOf = (from: number, to: number): string | undefined =>
      new RegExp(`0100007F:${hexPort(from)} 0100007F:${hexPort(to)} 01 \\S+ (\\d\\d)`).exec(sockets)?.[1];
    const port = Number(proxy.listen.split(':').at(-1));
    expect(timerOf(port, client.socket.localPort ?? 0)).toBe('00');
    expect(timerOf(server.socket.remotePort ?? 0, server.socket.localPort ?? 0)).toBe('00');
  });

  test('closes every connection when its proxy stops, and tells that last', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair();
    await proxy.update({ enabled: false });
    await Promise.all([client.end(), server.end()]);
    expect(rig.events.slice(-2)).toMatchObject([{ kind: 'closed', conn: 1 }, { kind: 'stopped' }]);
    await expect(rig.client(proxy)).rejects.toThrow('ECONNREFUSED');
  });
});

test.for([
  ['before it', [toxic('timeout', { timeout: 3_600_000 }, { name: 'later' })]],
  ['the other way', [toxic('timeout', { timeout: 3_600_000 }, { name: 'later', stream: 'downstream' })]],
] as const)(
  'connections that a reset ends at connect are not kept until the time of a toxic %s',
  async ([, others]) => {
    await using rig = new Rig();
    const { address } = await rig.upstream();
    const proxy = await rig.proxy(address, [...others, toxic('reset', { bytes: 0 })]);
    const port = Number(proxy.listen.split(':').at(-1));
    for (let count = 0; count < 200; count += 1) {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      await new Promise((resolve) => socket.resume().once('close', resolve));
    }
    expect(rig.told('closed').length).toBe(200);
    // Some that were cancelled wait to be swept.
    expect(rig.alarm.size).toBeLessThan(100);
  },
);
