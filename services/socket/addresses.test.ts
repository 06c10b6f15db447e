import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { lookup } from 'node:dns/promises';
import { hostname, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect, connectToFirst } from './connect.ts';
import { Deadline } from './deadline.ts';
import { deafListener, fullListener } from './full-queue.ts';
import { expectEndsAfter, expectWaited } from './in-time.ts';
import { listen } from './listen.ts';
import { select } from './select.ts';

/** An address of this machine that is not loopback, where it has one. */
const OUTSIDE = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === 'IPv4' && !address.internal)?.address;

/** Names of this machine: its own as well, where that resolves. */
const NAMES = [
  'localhost',
  ...(await lookup(hostname()).then(
    () => [hostname()],
    () => [],
  )),
];

async function reaches(host: string, port: number): Promise<boolean> {
  try {
    const socket = await connect({ host, port }, { deadline: Deadline.after(5000) });
    await socket.reset();
    return true;
  } catch {
    return false;
  }
}

/** `undefined` on a machine that has no other address. */
async function reachesFromOutside(port: number): Promise<boolean | undefined> {
  return OUTSIDE === undefined ? undefined : await reaches(OUTSIDE, port);
}

describe('who can reach a server', () => {
  test('bound to loopback: this machine by loopback alone', async () => {
    await using listener = await listen({ host: '127.0.0.1', port: 0 });
    expect(await reaches('127.0.0.1', listener.port)).toBe(true);
    expect(await reachesFromOutside(listener.port)).not.toBe(true);
  });

  test('bound to every interface: by any of its addresses', async () => {
    await using listener = await listen({ host: '', port: 0 });
    expect(await reaches('127.0.0.1', listener.port)).toBe(true);
    expect(await reachesFromOutside(listener.port)).not.toBe(false);
  });

  test('bound to every interface of both families: by IPv4 and by IPv6', async () => {
    await using listener = await listen({ host: '::', port: 0 });
    expect(await reaches('127.0.0.1', listener.port)).toBe(true);
    expect(await reaches('::1', listener.port)).toBe(true);
  });

  test.each(NAMES)('bound to the name %s: by the address that the name has', async (name) => {
    const { address } = await lookup(name);
    await using listener = await listen({ host: name, port: 0 });
    expect(listener.host).toBe(address);
    expect(await reaches(address, listener.port)).toBe(true);
    // No other address of loopback will do.
    expect(await reaches('127.0.0.9', listener.port)).toBe(false);
  });

  test.runIf(OUTSIDE !== undefined)('bound to an address that others see: by that, not by loopback', async () => {
    await using listener = await listen({ host: OUTSIDE ?? '', port: 0 });
    expect(await reaches(OUTSIDE ?? '', listener.port)).toBe(true);
    expect(await reaches('127.0.0.1', listener.port)).toBe(false);
  });
});

describe('places', () => {
  test("accept gives a new socket and the peer's address, which is the one that the client has", async () => {
    await using listener = await listen({ host: '127.0.0.1', port: 0 });
    const client = await connect({ host: '127.0.0.1', port: listener.port });
    const accepted = await listener.accept();
    expect(accepted.remoteAddress).toEqual(client.localAddress);
    expect(client.remoteAddress).toEqual({ host: '127.0.0.1', port: listener.port });
    await Promise.all([client.reset(), accepted.reset()]);
  });

  test('IPv6', async () => {
    await using listener = await listen({ host: '::1', port: 0 });
    const client = await connect({ host: '::1', port: listener.port });
    expect(client.remoteAddress?.host).toBe('::1');
    await client.reset();
  });

  test('a name with several addresses, of which one answers', async () => {
    // `localhost` is ::1 and 127.0.0.1 on most machines, and at least the latter.
    await using listener = await listen({ host: '127.0.0.1', port: 0 });
    const client = await connect({ host: 'localhost', port: listener.port });
    await client.sendAll(Uint8Array.of(7));
    const accepted = await listener.accept();
    expect(await accepted.recvExactly(1)).toEqual(Uint8Array.of(7));
    await Promise.all([client.reset(), accepted.reset()]);
  });

  test('a Unix socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sock-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 's');
    await using listener = await listen({ path });
    const client = await connect({ path });
    const accepted = await listener.accept();
    await client.sendAll(Buffer.from('hello'));
    await client.shutdown();
    expect(Buffer.from(await accepted.recvExactly(5)).toString()).toBe('hello');
    expect(await accepted.recv(1)).toHaveLength(0);
    await Promise.all([client.close(), accepted.close()]);
  });
});

describe('a full queue', () => {
  test('admits backlog + 1 connections; the next one waits until its deadline', async () => {
    const port = await deafListener(5);
    for (let nth = 0; nth < 6; nth += 1) {
      const socket = await connect({ host: '127.0.0.1', port }, { deadline: Deadline.after(5000) });
      onTestFinished(async () => await socket.reset());
    }
    await expectEndsAfter(300, async () => {
      const seventh = connect({ host: '127.0.0.1', port }, { deadline: Deadline.after(300) });
      await expect(seventh).rejects.toMatchObject({ op: 'connect', code: 'timeout' });
    });
  });

  test('a signal ends an attempt that waits', async () => {
    const port = await fullListener();
    const stop = new AbortController();
    const attempt = connect({ host: '127.0.0.2', port }, { signal: stop.signal });
    await sleep(50);
    stop.abort();
    await expect(attempt).rejects.toMatchObject({ op: 'connect', code: 'aborted' });
  });
});

describe('several addresses', () => {
  test('one that is slow: the next is tried after a quarter of a second, and taken', async () => {
    await using listener = await listen({ host: '127.0.0.1', port: 0 });
    const { port } = listener;
    await fullListener(port);
    const from = performance.now();
    const socket = await connectToFirst(['127.0.0.2', '127.0.0.1'], port, { deadline: Deadline.after(10_000) });
    expectWaited(performance.now() - from, 249);
    expect(socket.remoteAddress?.host).toBe('127.0.0.1');
    await socket.reset();
  });

  test('one that refuses: the next is tried at once', async () => {
    await using listener = await listen({ host: '127.0.0.1', port: 0 });
    const from = performance.now();
    const addresses = ['127.0.0.5', '127.0.0.4', '127.0.0.3', '127.0.0.2', '127.0.0.1'];
    const socket = await connectToFirst(addresses, listener.port, { deadline: Deadline.after(10_000) });
    expect(performance.now() - from).toBeLessThan(1000);
    expect(socket.remoteAddress?.host).toBe('127.0.0.1');
    await socket.reset();
  });

  test('none that answers: one error, in time, also when all are slow', async () => {
    const port = await fullListener();
    const refused = connectToFirst(['127.0.0.3', '127.0.0.4'], port);
    await expect(refused).rejects.toMatchObject({ op: 'connect', code: 'refused' });
    await expectEndsAfter(100, async () => {
      const slow = connectToFirst(['127.0.0.2', '127.0.0.2'], port, { deadline: Deadline.after(100) });
      await expect(slow).rejects.toMatchObject({ op: 'connect', code: 'timeout' });
    });
    const stop = new AbortController();
    const stopped = connectToFirst(['127.0.0.2', '127.0.0.2'], port, { signal: stop.signal });
    stop.abort();
    await expect(stopped).rejects.toMatchObject({ op: 'connect', code: 'aborted' });
    await expect(connectToFirst([], port)).rejects.toMatchObject({ code: 'unresolved' });
  });

  test('a server that answers second gets no connection that stays', async () => {
    await using first = await listen({ host: '127.0.0.1', port: 0 });
    await using second = await listen({ host: '127.0.0.2', port: first.port });
    const socket = await connectToFirst(['127.0.0.1', '127.0.0.2'], first.port);
    expect(socket.remoteAddress?.host).toBe('127.0.0.1');
    await expectEndsAfter(400, async () => {
      const nobody = second.accept({ deadline: Deadline.after(400) });
      await expect(nobody).rejects.toMatchObject({ code: 'timeout' });
    });
    await socket.reset();
  });
});

test('an attempt that was given up never completes later', async () => {
  await using listener = await listen({ host: '127.0.0.1', port: 0 });
  const stop = new AbortController();
  const attempt = connect({ host: '127.0.0.1', port: listener.port }, { signal: stop.signal });
  stop.abort();
  await expect(attempt).rejects.toMatchObject({ code: 'aborted' });
  // Either the server never hears of it, or it hears the end.
  const accepted = await listener.accept({ deadline: Deadline.after(200) }).catch(() => undefined);
  const heard = await accepted?.recv(1).then(
    (bytes) => bytes.length,
    () => 'reset',
  );
  expect([undefined, 0, 'reset']).toContain(heard);
  await accepted?.reset();
});

test('connections that nobody accepted are reset when the listener closes', async () => {
  const listener = await listen({ host: '127.0.0.1', port: 0 });
  const client = await connect({ host: '127.0.0.1', port: listener.port });
  const heard = client.recv(1).catch((error: unknown) => error);
  // The listener knows of it: an accept would work.
  await select([listener], []);
  await listener.close();
  expect(await heard).toMatchObject({ op: 'recv', code: 'reset' });
  await client.reset();
});

test('a connection that was reset before it was accepted is accepted all the same: its bytes, then the reset', async () => {
  await using listener = await listen({ host: '127.0.0.1', port: 0 });
  const client = `const peer = require('node:net').connect(${listener.port}, '127.0.0.1', () => {
    peer.write('last words', () => peer.resetAndDestroy());
  });`;
  // This event loop stands still meanwhile, so that the kernel alone has taken the connection.
  spawnSync(process.execPath, ['-e', client]);
  const lost = await listener.accept();
  expect(lost.remoteAddress).toBeUndefined();
  expect(Buffer.from(await lost.recvExactly(10)).toString()).toBe('last words');
  await expect(lost.recv(1)).rejects.toMatchObject({ code: 'reset' });
});

test('the addresses of a connection stay known when it is over', async () => {
  await using listener = await listen({ host: '127.0.0.1', port: 0 });
  const client = await connect({ host: '127.0.0.1', port: listener.port });
  const served = await listener.accept();
  const ends = [client.localAddress, client.remoteAddress];
  await client.reset();
  await expect(served.recv(1)).rejects.toMatchObject({ code: 'reset' });
  expect([served.remoteAddress, served.localAddress]).toEqual(ends);
  expect([client.localAddress, client.remoteAddress]).toEqual(ends);
});
