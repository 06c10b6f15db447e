/**
 * What a close may not do: call that delivered which is lost, wait without a bound, send what is not the caller's word.
 */
import { once } from 'node:events';
import * as net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startConnect } from './connect.ts';
import { Deadline } from './deadline.ts';
import { fullListener } from './full-queue.ts';
import { expectEndsAfter } from './in-time.ts';
import { KINDS, pair } from './pair.ts';
import type { Socket } from './socket.ts';

const LOST = { op: 'close', code: expect.stringMatching(/^(reset|broken-pipe)$/) };

/** Sends until both the kernel and this process are full, and leaves the socket as it was. */
async function fill(socket: Socket): Promise<void> {
  socket.setBlocking(false);
  while ((await socket.send(new Uint8Array(65_536)).catch(() => 0)) > 0);
  socket.setBlocking(true);
}

/** From now on, counts what is written and not refused by the kernel. */
function countTaken(): () => number {
  let taken = 0;
  const write: net.Socket['_write'] = Reflect.get(net.Socket.prototype, '_write');
  const watched = vi.spyOn(net.Socket.prototype, '_write').mockImplementation(function (this: net.Socket, ...args) {
    const [chunk, encoding, done] = args;
    write.call(this, chunk, encoding, (error) => {
      if (!error) taken += chunk.length;
      done(error);
    });
  });
  onTestFinished(() => watched.mockRestore());
  return () => taken;
}

describe.each(KINDS)('a %s socket', (kind) => {
  test.each([1000, 0])(
    'says at its close, lingering %i ms, that a reset before it cost what was sent',
    async (lingerMs) => {
      const { socket, peer } = await pair(kind);
      peer.pause();
      await fill(socket);
      peer.resetAndDestroy();
      await once(peer, 'close');
      await sleep(50);
      await expect(socket.close({ lingerMs })).rejects.toMatchObject(LOST);
    },
  );

  test('says at its close that a reset during it cost what the kernel had taken', async () => {
    const { socket, peer } = await pair(kind);
    peer.pause();
    await socket.sendAll(new Uint8Array(100_000));
    const closing = socket.close({ lingerMs: 15_000 });
    setTimeout(() => peer.resetAndDestroy(), 50);
    await expect(closing).rejects.toMatchObject(LOST);
  });

  test('has nothing to say at its close where a call was told of the reset, or nothing was sent', async () => {
    const told = await pair(kind);
    await told.socket.sendAll(new Uint8Array(100));
    told.peer.resetAndDestroy();
    await expect(told.socket.recv(1)).rejects.toMatchObject({ code: 'reset' });
    await told.socket.close();
    const silent = await pair(kind);
    silent.peer.resetAndDestroy();
    await silent.socket.close();
  });

  test('settles its close, and says what was dropped, when it is reset while the close waits', async () => {
    const { socket, peer } = await pair(kind);
    peer.pause();
    await fill(socket);
    const closing = socket.close({ lingerMs: 15_000 }).catch((error: unknown) => error);
    await sleep(20);
    await socket.reset();
    const said = expect.stringMatching(/ [1-9]\d* bytes that were sent had not left when it was reset /);
    expect(await closing).toMatchObject({ op: 'close', code: 'aborted', message: said });
  });

  const sendings: [string, (socket: Socket) => Promise<unknown>][] = [
    ['send', async (socket) => await socket.send(Buffer.from('late'))],
    ['sendAll', async (socket) => await socket.sendAll(Buffer.from('late'))],
    ['a send of nothing', async (socket) => await socket.send(new Uint8Array(0))],
    [
      'a send that does not wait',
      async (socket) => {
        socket.setBlocking(false);
        return await socket.send(Buffer.from('late'));
      },
    ],
  ];
  test.each(sendings)('refuses %s behind an end of writing that still waits', async (_name, send) => {
    const { socket, peer } = await pair(kind);
    peer.pause();
    await fill(socket);
    const ending = socket.shutdown();
    await expect(send(socket)).rejects.toMatchObject({ op: 'send', code: 'broken-pipe' });
    let lastWords = '';
    const heard = once(peer, 'end');
    peer.on('data', (chunk: Buffer) => (lastWords = chunk.subarray(-4).toString())).resume();
    await Promise.all([ending, heard]);
    expect(lastWords).toBe('\0\0\0\0');
    peer.end();
    await socket.close();
  });

  test('sends on after an end of writing that was given up, but not while another waits', async () => {
    const { socket, peer } = await pair(kind);
    peer.pause();
    await fill(socket);
    const stop = new AbortController();
    const late = socket.shutdown('write', { signal: stop.signal }).catch((error: unknown) => error);
    const early = socket.shutdown('write', { deadline: Deadline.after(20) });
    await expect(early).rejects.toMatchObject({ op: 'shutdown', code: 'timeout' });
    await expect(socket.send(Buffer.from('no'))).rejects.toMatchObject({ code: 'broken-pipe' });
    stop.abort();
    expect(await late).toMatchObject({ op: 'shutdown', code: 'aborted' });
    let arrived = '';
    peer.on('data', (chunk: Buffer) => (arrived = `${arrived}${chunk.toString('latin1')}`.slice(-3))).resume();
    await socket.sendAll(Buffer.from('yes'));
    await Promise.all([once(peer, 'end'), socket.shutdown()]);
    expect(arrived).toBe('yes');
  });

  test("sends nothing at its close that lies in a caller's memory, once the call has failed", async () => {
    const { socket, peer } = await pair(kind);
    peer.pause();
    const data = new Uint8Array(8 * 2 ** 20).fill(1);
    await expect(socket.sendAll(data, { deadline: Deadline.after(100) })).rejects.toMatchObject({ code: 'timeout' });
    data.fill(2);
    const arrived: Buffer[] = [];
    const gone = new Promise((resolve) => void peer.once('close', resolve));
    peer.on('data', (chunk: Buffer) => arrived.push(chunk));
    peer.resume();
    const closing = socket.close({ lingerMs: 15_000 });
    await expect(closing).rejects.toMatchObject({ op: 'close', code: 'timeout' });
    await gone;
    expect(arrived.length).toBeGreaterThan(0);
    expect(Buffer.concat(arrived).includes(2)).toBe(false);
  });

  test('bounds its end of writing by its timeout, like every call', async () => {
    const { socket, peer } = await pair(kind);
    peer.pause();
    await fill(socket);
    socket.setTimeout(50);
    await expectEndsAfter(50, async () => {
      await expect(socket.shutdown()).rejects.toMatchObject({ op: 'shutdown', code: 'timeout' });
    });
  });

  test('says how many bytes the kernel took of what a reset cut', async () => {
    const { socket, peer } = await pair(kind);
    peer.pause();
    const taken = countTaken();
    // In the first turn that a long send gives to others: it is told of the reset by its next write.
    setImmediate(() => peer.resetAndDestroy());
    const failure: unknown = await socket.sendAll(new Uint8Array(8 * 2 ** 20)).catch((error: unknown) => error);
    expect(taken()).toBeGreaterThan(0);
    expect(failure).toMatchObject({ op: 'send', bytesTaken: taken() });
  });
});

describe('a socket that is connecting, and will be for ever', () => {
  const ends: [string, (socket: Socket) => Promise<void>][] = [
    ['close', async (socket) => await socket.close({ lingerMs: 15_000 })],
    ['reset', async (socket) => await socket.reset()],
    ['await using', async (socket) => await socket[Symbol.asyncDispose]()],
  ];
  test.each(ends)('is given up at once by %s', async (_name, end) => {
    const socket = startConnect({ host: '127.0.0.2', port: await fullListener() });
    onTestFinished(async () => await socket.reset());
    const waits = socket.connected().catch((error: unknown) => error);
    await sleep(20);
    const from = performance.now();
    await end(socket);
    expect(performance.now() - from).toBeLessThan(5000);
    expect(await waits).toMatchObject({ op: 'connect', code: 'not-open' });
  });
});
