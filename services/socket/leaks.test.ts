import { getEventListeners, once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { watchAstray } from './astray.ts';
import { connect, connectToFirst } from './connect.ts';
import { Deadline } from './deadline.ts';
import { Heartbeat } from './heartbeat.ts';
import { listen } from './listen.ts';
import { pair } from './pair.ts';
import { select } from './select.ts';
import { Socket } from './socket.ts';

const settled = watchAstray();

const soon = (): Deadline => Deadline.after(5);
const failed = async (call: Promise<unknown>): Promise<unknown> => await call.catch((error: unknown) => error);

describe('nothing is left behind', () => {
  test('on a signal that every call was given, whether it was served, timed out or refused', async () => {
    const { signal } = new AbortController();
    await using listener = await listen({ host: '127.0.0.1', port: 0 }, {}, { signal });
    const { port } = listener;
    for (let round = 0; round < 20; round += 1) {
      const client = await connect({ host: '127.0.0.1', port }, { signal, deadline: Deadline.after(5000) });
      const served = await listener.accept({ signal });
      await client.sendAll(new Uint8Array(100), { signal, deadline: Deadline.after(5000) });
      await served.recvExactly(100, { signal, deadline: Deadline.after(5000) });
      expect(await failed(served.recv(1, { signal, deadline: soon() }))).toMatchObject({ code: 'timeout' });
      expect(await failed(listener.accept({ signal, deadline: soon() }))).toMatchObject({ code: 'timeout' });
      expect(await select([served], [], [], { signal, timeoutMs: 1 })).toEqual([[], [], []]);
      const waits = failed(served.recv(1, { signal }));
      await client.reset();
      expect(await waits).toMatchObject({ code: 'reset' });
      await served.close();
    }
    expect(await failed(connect({ host: '127.0.0.1', port: 1 }, { signal }))).toMatchObject({ code: 'refused' });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(await settled()).toEqual([]);
  });

  test('of the waits that one signal ends, a hundred at once', async () => {
    const stop = new AbortController();
    const pairs = await Promise.all(Array.from({ length: 100 }, async () => await pair('connected')));
    const waits = pairs.map(async ({ socket }) => await failed(socket.recv(1, { signal: stop.signal })));
    stop.abort();
    for (const error of await Promise.all(waits)) expect(error).toMatchObject({ code: 'aborted' });
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    expect(await settled()).toEqual([]);
  });
});

test('a listener that was dropped without a close is released: nobody listens there any more', async () => {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  const { port } = await listen({ host: '127.0.0.1', port: 0 });
  const outcome = async (): Promise<unknown> => {
    if (typeof collect === 'function') collect();
    await turn();
    const client = await failed(connect({ host: '127.0.0.1', port }));
    if (client instanceof Socket) await client.reset();
    return client;
  };
  await expect.poll(outcome, { interval: 1, timeout: 15_000 }).toMatchObject({ code: 'refused' });
});

describe('no failure goes past its promise', () => {
  test.each(['connected', 'accepted'] as const)('a %s socket that nobody waits on is reset', async (kind) => {
    const { socket, peer } = await pair(kind);
    const writes = failed(socket.sendAll(new Uint8Array(64 * 2 ** 20)));
    peer.resetAndDestroy();
    expect(await writes).toMatchObject({ op: 'send' });
    expect(await settled()).toEqual([]);
    await socket.close();
    expect(await settled()).toEqual([]);
  });

  test('everything at once is closed under those who wait', async () => {
    await using listener = await listen({ host: '127.0.0.1', port: 0 });
    const { socket, peer } = await pair('accepted');
    const waits = [
      failed(socket.recv(1)),
      failed(socket.sendAll(new Uint8Array(64 * 2 ** 20))),
      failed(listener.accept()),
      failed(select([socket], [])),
    ];
    // Not `once`, which takes the reset for its own failure.
    const gone = new Promise((resolve) => void peer.once('close', resolve));
    await Promise.all([socket.reset(), socket.close(), listener.close(), listener.close()]);
    peer.resume();
    await gone;
    expect(await Promise.all(waits)).toHaveLength(4);
    expect(await settled()).toEqual([]);
  });

  test('addresses that lose a race, and heartbeats that cannot be sent', async () => {
    await using listener = await listen({ host: '127.0.0.1', port: 0 });
    const winner = await connectToFirst(['127.0.0.1', '127.0.0.2', '127.0.0.3'], listener.port);
    const { socket } = await pair('connected');
    await socket.reset();
    using heartbeat = new Heartbeat({
      send: async () => await socket.sendAll(Uint8Array.of(0)),
      intervalMs: 5,
      deadPeerMs: 50,
    });
    if (!heartbeat.signal.aborted) await once(heartbeat.signal, 'abort');
    await winner.reset();
    expect(await settled()).toEqual([]);
  });
});
