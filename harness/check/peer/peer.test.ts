import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

import { afterEach, describe, expect, test } from 'vitest';

import { FRAMINGS } from '../../contract/words.ts';
import { Missed } from '../clause.ts';
import { Exchange, sameMessage } from '../exchange.ts';
import { tcpSocketsOf } from '../process-sockets.ts';
import { dial, PeerListener } from './peer-listener.ts';
import type { PeerSocket } from './peer-socket.ts';
import { encode, readMessage } from './wire-form.ts';

const { signal } = new AbortController();
const SHORT_MS = 150;
const PATIENT_MS = 5_000;
const opened: (AsyncDisposable | Disposable)[] = [];

afterEach(async () => {
  for (const each of opened.splice(0))
    await (Symbol.asyncDispose in each ? each[Symbol.asyncDispose]() : each[Symbol.dispose]());
});

/** A peer of the harness and the bare socket that it talks to. */
async function pair(limitMs = PATIENT_MS): Promise<{ peer: PeerSocket; other: Socket }> {
  const listener = await PeerListener.open(limitMs, signal);
  const other = connect({ port: listener.port, host: '127.0.0.1', allowHalfOpen: true });
  opened.push(listener, { [Symbol.dispose]: () => other.destroy() });
  return { peer: await listener.next(), other };
}

const missOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no miss',
    (error: unknown) => (error instanceof Missed ? error.actual : String(error)),
  );

describe('a peer tells what it was given', () => {
  test('bytes however they were cut', async () => {
    const { peer, other } = await pair();
    for (const byte of 'hello, world') other.write(byte);
    expect((await peer.take(5, 'a word')).toString()).toBe('hello');
    expect((await peer.takeUntil(0x6f, 'the rest')).toString()).toBe(', w');
    expect(peer.unread).toBe(3);
  });

  test('an end, a reset and silence apart, each with how far it came', async () => {
    const ending = await pair();
    ending.other.end('abc');
    expect(await missOf(ending.peer.take(5, 'five bytes'))).toBe(
      '3 of 5 bytes came, then the subject ended the connection',
    );
    const resetting = await pair();
    await new Promise((resolve) => resetting.other.write('abc', resolve));
    await resetting.peer.has(3);
    resetting.other.resetAndDestroy();
    expect(await missOf(resetting.peer.take(5, 'five bytes'))).toBe(
      '3 of 5 bytes came, then the subject reset the connection',
    );
    const silent = await pair(SHORT_MS);
    silent.other.write('abc');
    expect(await missOf(silent.peer.take(5, 'five bytes'))).toBe(
      `3 of 5 bytes came, and nothing more within ${SHORT_MS} ms`,
    );
  });

  test('an end that is due is missed when bytes come, when a reset comes, and when nothing does', async () => {
    const early = await pair();
    early.other.end('x');
    expect(await missOf(early.peer.expectEnd('now'))).toBe('1 more bytes came before it');
    const clean = await pair();
    clean.other.end();
    expect(await missOf(clean.peer.expectEnd('now'))).toBe('no miss');
    const reset = await pair();
    reset.other.resetAndDestroy();
    expect(await missOf(reset.peer.expectEnd('now'))).toContain('reset the connection');
    const silent = await pair(SHORT_MS);
    expect(await missOf(silent.peer.expectEnd('now'))).toContain(`within ${SHORT_MS} ms`);
  });

  test('its own reset is a reset at the other side', async () => {
    const { peer, other } = await pair();
    const failed = once(other, 'error');
    peer.reset();
    expect(String((await failed)[0])).toContain('ECONNRESET');
  });
});

test('a refused connection is the subject’s miss', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  server.close();
  await once(server, 'close');
  expect(await missOf(dial(port, PATIENT_MS, signal))).toContain('ECONNREFUSED');
});

test.each(FRAMINGS)('a message in framing %s reads back as it was written', async (framing) => {
  const exchange = new Exchange('echo', {
    framing,
    messageBytes: 100,
    content: framing === 'delimited' ? 'text' : 'bytes',
  });
  const { peer, other } = await pair();
  const message = exchange.original(1, 1);
  other.write(encode(framing, message));
  if (framing === 'until-end') other.end();
  expect(sameMessage(await readMessage(peer, exchange, 'message 1'), message)).toBe(true);
});

test('wire forms are the contract’s, byte for byte', () => {
  const message = { payload: Buffer.from('abc'), type: 2 };
  expect(encode('prefix32', message).toString('hex')).toBe('00000003616263');
  expect(encode('ascii5', message).toString()).toBe('00003abc');
  expect(encode('delimited', message).toString()).toBe('abc\n');
  expect(encode('typed', message).toString('hex')).toBe('02616263');
  expect(encode('fixed', message).toString()).toBe('abc');
});

test.runIf(process.platform === 'linux')('the sockets of a process are seen while it holds them', async () => {
  const { peer, other } = await pair();
  await new Promise((resolve) => other.write('x', resolve));
  await peer.has(1);
  const port = `port ${other.localPort} → ${other.remotePort}`;
  // A test runner's worker need not lead its group, as a subject's process does.
  const fields = (await readFile('/proc/self/stat', 'latin1')).split(') ').at(-1)?.split(' ') ?? [];
  const group = Number(fields[2]);
  expect(await tcpSocketsOf(group)).toContain(port);
  const closed = once(other, 'close');
  other.destroy();
  await closed;
  expect(await tcpSocketsOf(group)).not.toContain(port);
});
