import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { connect } from './connect.ts';
import { Deadline } from './deadline.ts';
import { expectEndsAfter } from './in-time.ts';
import { listen } from './listen.ts';
import { KINDS, pair } from './pair.ts';

async function written(
  peer: { write: (bytes: Uint8Array, done: () => void) => unknown },
  bytes: Uint8Array,
): Promise<void> {
  await new Promise<void>((resolve) => peer.write(bytes, resolve));
}

describe.each(KINDS)('a %s socket', (kind) => {
  test('an end between messages, an end inside one and a reset are three results', async () => {
    const between = await pair(kind);
    between.peer.end();
    await expect(between.socket.recvExactly(4)).rejects.toMatchObject({ code: 'closed', bytesReceived: 0 });
    const inside = await pair(kind);
    inside.peer.end('ab');
    await expect(inside.socket.recvExactly(4)).rejects.toMatchObject({ code: 'truncated', bytesReceived: 2 });
    const reset = await pair(kind);
    await written(reset.peer, Buffer.from('ab'));
    reset.peer.resetAndDestroy();
    await expect(reset.socket.recvExactly(4)).rejects.toMatchObject({ code: 'reset', bytesReceived: 2 });
  });

  test('what a truncated message left behind can still be received', async () => {
    const { socket, peer } = await pair(kind);
    peer.end('ab');
    await expect(socket.recvExactly(4)).rejects.toMatchObject({ code: 'truncated' });
    expect(Buffer.from(await socket.recv(10)).toString()).toBe('ab');
    expect(await socket.recv(10)).toHaveLength(0);
  });

  test('receives after it has shut down its writing, to which it then sends no more', async () => {
    const { socket, peer } = await pair(kind);
    peer.resume().on('end', () => peer.end('still here'));
    await socket.shutdown('write');
    await socket.shutdown('write');
    await expect(socket.send(Uint8Array.of(1))).rejects.toMatchObject({ op: 'send', code: 'broken-pipe' });
    expect(Buffer.from(await socket.recvExactly(10)).toString()).toBe('still here');
  });

  test('waits for nothing more after it has shut down its reading, and the peer is not told', async () => {
    const { socket, peer } = await pair(kind);
    const waiting = socket.recv(10);
    await socket.shutdown('read');
    expect(await waiting).toHaveLength(0);
    await written(peer, Buffer.from('all the same'));
    expect(Buffer.from(await socket.recvExactly(12)).toString()).toBe('all the same');
    expect(await socket.recv(10)).toHaveLength(0);
    await socket.sendAll(Buffer.from('x'));
    const [heard]: unknown[] = await once(peer.resume(), 'data');
    expect(heard).toEqual(Buffer.from('x'));
  });

  test('sending to a peer that has closed works once, then the pipe is broken', async () => {
    const { socket, peer } = await pair(kind);
    peer.resume();
    await once(peer.end(), 'finish');
    peer.destroy();
    await once(peer, 'close');
    await socket.send(Uint8Array.of(1));
    const told = async (): Promise<void> => {
      for (;;) await socket.sendAll(Uint8Array.of(1));
    };
    const failure: unknown = await told().catch((error: unknown) => error);
    expect(failure).toMatchObject({ op: 'send', code: expect.stringMatching(/^(broken-pipe|reset)$/) });
    await expect(socket.recv(1)).rejects.toMatchObject({ code: expect.stringMatching(/^(broken-pipe|reset)$/) });
  });

  test('an abrupt close over unread bytes is a reset at the peer; an orderly one is an end', async () => {
    const abrupt = await pair(kind);
    await written(abrupt.peer, new Uint8Array(1000));
    const reset = once(abrupt.peer.resume(), 'error');
    await sleep(50);
    await abrupt.socket.close({ lingerMs: 0 });
    expect((await reset)[0]).toMatchObject({ code: 'ECONNRESET' });
    const orderly = await pair(kind);
    await written(orderly.peer, new Uint8Array(1000));
    orderly.peer.resume().on('end', () => orderly.peer.end());
    await Promise.all([once(orderly.peer, 'end'), orderly.socket.close()]);
    expect(orderly.peer.errored).toBe(null);
  });

  test('a close over unread bytes still delivers the reply, however much the peer goes on to send', async () => {
    const { socket, peer } = await pair(kind);
    const reply = Buffer.alloc(200_000, 'r');
    const arrived: Buffer[] = [];
    peer.on('data', (chunk: Buffer) => arrived.push(chunk)).resume();
    await written(peer, new Uint8Array(100_000));
    await socket.sendAll(reply);
    const ended = once(peer, 'end');
    const closing = socket.close({ lingerMs: 15_000 });
    await written(peer, new Uint8Array(100_000));
    await ended;
    peer.end();
    await closing;
    expect(Buffer.concat(arrived)).toEqual(reply);
    expect(peer.errored).toBe(null);
  });

  test('a close delivers what was sent before it', async () => {
    const { socket, peer } = await pair(kind);
    let arrived = 0;
    peer.on('data', (chunk: Buffer) => (arrived += chunk.length)).on('end', () => peer.end());
    peer.pause();
    let sent = 0;
    // More than the kernel takes: the rest waits in this process when the close begins.
    socket.setBlocking(false);
    while (sent < 2 ** 26) {
      const taken = await socket.send(new Uint8Array(65_536)).catch(() => 0);
      if (taken === 0) break;
      sent += taken;
    }
    const ended = once(peer, 'end');
    peer.resume();
    await Promise.all([socket.close({ lingerMs: 15_000 }), ended]);
    expect(arrived).toBe(sent);
  });

  test('a close says so when what was sent could not leave in time', async () => {
    const { socket, peer } = await pair(kind);
    peer.pause();
    socket.setBlocking(false);
    while ((await socket.send(new Uint8Array(65_536)).catch(() => 0)) > 0);
    await expectEndsAfter(100, async () => {
      await expect(socket.close({ lingerMs: 100 })).rejects.toMatchObject({ op: 'close', code: 'timeout' });
    });
    await socket.reset();
  });

  test('a signal ends the waiting of a close; what could not leave is told', async () => {
    const { socket } = await pair(kind);
    const stop = new AbortController();
    const closing = socket.close({ lingerMs: 60_000, signal: stop.signal });
    stop.abort();
    await closing;
    const full = await pair(kind);
    full.peer.pause();
    full.socket.setBlocking(false);
    while ((await full.socket.send(new Uint8Array(65_536)).catch(() => 0)) > 0);
    const dropping = full.socket.close({ lingerMs: 60_000, signal: stop.signal });
    await expect(dropping).rejects.toMatchObject({ op: 'close', code: 'aborted' });
  });

  test("a close waits for the peer's end no longer than it was told to", async () => {
    const { socket } = await pair(kind);
    await expectEndsAfter(150, async () => await socket.close({ lingerMs: 150 }));
  });

  test('the first reason is kept: a reset that comes after a timeout is still told', async () => {
    const { socket, peer } = await pair(kind);
    await expect(socket.recv(1, { deadline: Deadline.after(20) })).rejects.toMatchObject({ code: 'timeout' });
    peer.resetAndDestroy();
    await expect(socket.recv(1)).rejects.toMatchObject({ code: 'reset' });
    await expect(socket.send(Uint8Array.of(1))).rejects.toMatchObject({ code: 'reset' });
    await expect(socket.shutdown()).rejects.toMatchObject({ op: 'shutdown', code: 'reset' });
  });

  test('a reset during a send that waits ends it', async () => {
    const { socket, peer } = await pair(kind);
    peer.pause();
    const sending = socket.sendAll(new Uint8Array(64 * 2 ** 20)).catch((error: unknown) => error);
    await sleep(100);
    peer.resetAndDestroy();
    expect(await sending).toMatchObject({ op: 'send', code: expect.stringMatching(/^(reset|broken-pipe)$/) });
  });
});

test('a reset cuts a close short that waits for the peer', async () => {
  const { socket } = await pair('connected');
  const from = performance.now();
  const closing = socket.close({ lingerMs: 15_000 });
  await socket.reset();
  await closing;
  expect(performance.now() - from).toBeLessThan(10_000);
});

test('a sender whose peer takes everything lets others have their turn', async () => {
  const discard = `require('node:net').createServer((socket) => socket.resume().on('error', () => {}))
    .listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;
  const child = spawn(process.execPath, ['-e', discard], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port]: unknown[] = await once(child.stdout, 'data');
  const socket = await connect({ host: '127.0.0.1', port: Number(port) });
  let turns = 0;
  const others = setInterval(() => (turns += 1), 5);
  const message = new Uint8Array(100);
  for (const until = performance.now() + 500; performance.now() < until;) await socket.sendAll(message);
  clearInterval(others);
  await socket.reset();
  child.kill();
  expect(turns).toBeGreaterThan(5);
});

test('both sides may close at the same time', async () => {
  const { socket, peer } = await pair('connected');
  peer.resume().end();
  await socket.close();
  await expect(socket.recv(1)).rejects.toMatchObject({ code: 'not-open' });
});

test('a socket that was dropped without a close is released, and the peer hears of it', async () => {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  await using listener = await listen({ host: '127.0.0.1', port: 0 });
  await connect({ host: '127.0.0.1', port: listener.port });
  const accepted = await listener.accept();
  const heard = accepted.recv(1).then(
    (bytes) => bytes.length,
    () => 'reset',
  );
  const collecting = setInterval(() => typeof collect === 'function' && collect(), 20);
  expect([0, 'reset']).toContain(await heard);
  clearInterval(collecting);
  await accepted.reset();
});

test('a thousand connections leave no handle behind', async () => {
  await using listener = await listen({ host: '127.0.0.1', port: 0 });
  const handles = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  const before = handles();
  for (let nth = 0; nth < 1000; nth += 1) {
    const [client, served] = await Promise.all([
      connect({ host: '127.0.0.1', port: listener.port }),
      listener.accept(),
    ]);
    if (nth % 4 === 0) await client.reset();
    if (nth % 4 === 1) await served.reset();
    if (nth % 4 === 2) await client.sendAll(Uint8Array.of(1));
    await Promise.all([client.close({ lingerMs: 0 }), served.close({ lingerMs: 0 })]);
  }
  expect(handles()).toBe(before);
}, 60_000);
