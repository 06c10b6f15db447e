/**
 * One request, cancelled at every place where it waits: at each wait by itself, which the peer keeps it in, and at every
 * turn of the event loop that it takes.
 *
 * Owns that a cancelled request ends at once as `aborted`, loses nothing that had come, and leaves nothing behind.
 */
import { getEventListeners, once } from 'node:events';
import * as net from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { watchAstray } from './astray.ts';
import { connect } from './connect.ts';
import { fullListener } from './full-queue.ts';
import type { Socket } from './socket.ts';
import { SocketError } from './socket-error.ts';

const HEADER_BYTES = 4;
const REPLY = Buffer.from([0, 0, 0, 6, ...Buffer.from('answer')]);
const REQUEST = Buffer.from('request');
/** More than two kernels hold. */
const LARGE = Buffer.alloc(64 * 2 ** 20);

const settled = watchAstray();

/** A bare server; `serve` has each of its connections. */
async function server(serve: (peer: net.Socket) => void): Promise<number> {
  const listening = net.createServer({ allowHalfOpen: true }, (peer) => {
    peer.on('error', () => {});
    onTestFinished(() => void peer.destroy());
    serve(peer);
  });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  onTestFinished(() => void listening.close());
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no address');
  return address.port;
}

/** A request and its answer on an open connection: every call of it may wait. */
async function exchange(socket: Socket, request: Uint8Array, signal: AbortSignal): Promise<string> {
  await socket.sendAll(request, { signal });
  await socket.shutdown('write', { signal });
  return await answer(socket, signal);
}

async function answer(socket: Socket, signal: AbortSignal): Promise<string> {
  const header = Buffer.from(await socket.recvExactly(HEADER_BYTES, { signal }));
  const body = Buffer.from(await socket.recvExactly(header.readUInt32BE(), { signal }));
  const rest = await socket.recv(1, { signal });
  return `${body.toString()}${rest.length === 0 ? '' : ' and more'}`;
}

async function untilEnd(socket: Socket): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (let part = await socket.recv(100); part.length > 0; part = await socket.recv(100)) parts.push(part);
  return Buffer.concat(parts);
}

const failureOf = async (call: Promise<unknown>): Promise<unknown> =>
  await call.then(
    () => 'done',
    (error: unknown) => error,
  );

test('while it connects, and nobody answers', async () => {
  const stop = new AbortController();
  const waits = failureOf(connect({ host: '127.0.0.2', port: await fullListener() }, { signal: stop.signal }));
  await settled();
  stop.abort();
  expect(await waits).toMatchObject({ op: 'connect', code: 'aborted' });
  await settled();
  expect([getEventListeners(stop.signal, 'abort'), await settled()]).toEqual([[], []]);
});

test('while it sends, and nobody reads: no peer takes the part for the whole', async () => {
  const stop = new AbortController();
  const peers: net.Socket[] = [];
  const port = await server((peer) => void peers.push(peer.pause()));
  const socket = await connect({ host: '127.0.0.1', port });
  const waits = failureOf(exchange(socket, LARGE, stop.signal));
  await settled();
  stop.abort();
  const error = await waits;
  expect(error).toMatchObject({ op: 'send', code: 'aborted' });
  expect(error instanceof SocketError && (error.bytesTaken ?? 0)).toBeLessThan(LARGE.length);
  const [peer] = peers;
  if (peer === undefined) throw new Error('nobody was connected');
  const told: string[] = [];
  peer.on('end', () => told.push('end')).on('error', () => told.push('reset'));
  const gone = new Promise((resolve) => void peer.once('close', resolve));
  await socket.reset();
  peer.resume();
  await gone;
  expect(told).toEqual(['reset']);
  expect([getEventListeners(stop.signal, 'abort'), await settled()]).toEqual([[], []]);
});

test.each(Array.from({ length: REPLY.length + 1 }, (_, bytes) => bytes))(
  'while it waits for its answer, of which %d bytes have come: what is asked for next has all of it',
  async (bytes) => {
    const stop = new AbortController();
    const heard = Promise.withResolvers<net.Socket>();
    const port = await server((peer) => {
      peer.on('end', () => heard.resolve(peer));
      peer.resume();
    });
    const socket = await connect({ host: '127.0.0.1', port });
    const waits = failureOf(exchange(socket, REQUEST, stop.signal));
    const peer = await heard.promise;
    if (bytes > 0) await new Promise((resolve) => void peer.write(REPLY.subarray(0, bytes), resolve));
    await settled();
    stop.abort();
    expect(await waits).toMatchObject({ op: 'recv', code: 'aborted' });
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    peer.end(REPLY.subarray(bytes));
    // What a call had returned is the caller's; of what it had not, the next one has every byte.
    const unreturned = [REPLY, REPLY.subarray(HEADER_BYTES), Buffer.alloc(0)];
    expect(unreturned).toContainEqual(await untilEnd(socket));
    await socket.close();
    expect(await settled()).toEqual([]);
  },
);

test('while it closes, and the peer says nothing', async () => {
  const stop = new AbortController();
  const port = await server((peer) => void peer.resume());
  const socket = await connect({ host: '127.0.0.1', port });
  const closing = failureOf(socket.close({ lingerMs: 60_000, signal: stop.signal }));
  await settled();
  stop.abort();
  expect(await closing).toBe('done');
  expect([getEventListeners(stop.signal, 'abort'), await settled()]).toEqual([[], []]);
});

test('at every turn of the event loop that the whole of it takes', async () => {
  const ends: Promise<unknown>[] = [];
  const port = await server((peer) => {
    ends.push(new Promise((resolve) => void peer.once('close', resolve)));
    // In pieces, so that the answer itself takes several turns.
    peer.on('end', () => {
      for (const [nth] of REPLY.entries()) setImmediate(() => peer.write(REPLY.subarray(nth, nth + 1)));
      setTimeout(() => peer.end(), 5);
    });
    peer.resume();
  });
  const ops = new Set<string>();
  const whole = async (signal: AbortSignal): Promise<string> => {
    const socket = await connect({ host: '127.0.0.1', port }, { signal });
    try {
      const text = await exchange(socket, REQUEST, signal);
      await socket.close({ signal });
      return text;
    } catch (error) {
      await socket.reset();
      throw error;
    }
  };
  const outcomes: unknown[] = [];
  for (let turnsLeft = 0; outcomes.at(-1) !== 'answer'; turnsLeft += 1) {
    const stop = new AbortController();
    const made = whole(stop.signal).catch((error: unknown) => error);
    for (let nth = 0; nth < turnsLeft; nth += 1) await turn();
    stop.abort();
    const outcome = await made;
    if (outcome instanceof SocketError) ops.add(outcome.op);
    outcomes.push(outcome);
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  }
  expect(outcomes.length).toBeGreaterThan(3);
  for (const outcome of outcomes.slice(0, -1)) expect(outcome).toMatchObject({ code: 'aborted' });
  expect(ops).toContain('connect');
  expect(ops).toContain('recv');
  await Promise.all(ends);
  await settled();
  expect(await settled()).toEqual([]);
});
