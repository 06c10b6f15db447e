import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { connect, startConnect } from './connect.ts';
import { expectEndsAfter } from './in-time.ts';
import { listen } from './listen.ts';
import { KINDS, pair } from './pair.ts';
import { select } from './select.ts';
import type { Socket } from './socket.ts';

const HOST = '127.0.0.1';

describe.each(KINDS)('select with a %s socket', (kind) => {
  test('says nothing when the time is up, and not before', async () => {
    const { socket } = await pair(kind);
    await expectEndsAfter(100, async () => {
      expect(await select([socket], [], [socket], { timeoutMs: 100 })).toEqual([[], [], []]);
    });
  });

  test('finds it readable when bytes come, and the receive gives them', async () => {
    const { socket, peer } = await pair(kind);
    const waiting = select([socket], [], [], { timeoutMs: 10_000 });
    peer.write('x');
    expect((await waiting)[0]).toEqual([socket]);
    socket.setBlocking(false);
    expect(await socket.recv(10)).toHaveLength(1);
  });

  test("finds it readable at the peer's end, for ever", async () => {
    const { socket, peer } = await pair(kind);
    peer.end();
    for (let nth = 0; nth < 3; nth += 1) {
      expect((await select([socket], []))[0]).toEqual([socket]);
      expect(await socket.recv(10)).toHaveLength(0);
    }
  });

  test('finds it readable and writable when it was reset, and never in error', async () => {
    const { socket, peer } = await pair(kind);
    peer.resetAndDestroy();
    await select([socket], []);
    expect(await select([socket], [socket], [socket])).toEqual([[socket], [socket], []]);
    await expect(socket.recv(1)).rejects.toMatchObject({ code: 'reset' });
  });

  test('finds it writable until the peer takes no more, and again when it does', async () => {
    const { socket, peer } = await pair(kind);
    peer.pause();
    socket.setBlocking(false);
    let sent = 0;
    for (;;) {
      const [, writable] = await select([], [socket], [], { timeoutMs: 100 });
      if (writable.length === 0) break;
      sent += await socket.send(new Uint8Array(65_536));
    }
    expect(sent).toBeGreaterThan(65_536);
    await expect(socket.send(new Uint8Array(1))).rejects.toMatchObject({ code: 'would-block', bytesTaken: 0 });
    peer.resume();
    expect((await select([], [socket]))[1]).toEqual([socket]);
    expect(await socket.send(new Uint8Array(1))).toBe(1);
  });

  test('a socket may be in more than one list', async () => {
    const { socket, peer } = await pair(kind);
    peer.write('x');
    await select([socket], []);
    expect(await select([socket], [socket], [socket])).toEqual([[socket], [socket], []]);
  });

  test('a closed socket in any list is an error', async () => {
    const { socket } = await pair(kind);
    await socket.reset();
    await expect(select([socket], [])).rejects.toMatchObject({ op: 'select', code: 'not-open' });
    await expect(select([], [socket])).rejects.toMatchObject({ code: 'not-open' });
    await expect(select([], [], [socket])).rejects.toMatchObject({ code: 'not-open' });
  });
});

describe('select', () => {
  test('finds a listener readable when an accept will work', async () => {
    await using listener = await listen({ host: HOST, port: 0 });
    listener.setBlocking(false);
    await expect(listener.accept()).rejects.toMatchObject({ op: 'accept', code: 'would-block' });
    const client = await connect({ host: HOST, port: listener.port });
    expect((await select([listener], []))[0]).toEqual([listener]);
    const accepted = await listener.accept();
    await Promise.all([client.reset(), accepted.reset()]);
  });

  test('finds a connecting socket writable when it has connected', async () => {
    await using listener = await listen({ host: HOST, port: 0 });
    const socket = startConnect({ host: HOST, port: listener.port });
    await expect(socket.send(new Uint8Array(1))).rejects.toMatchObject({ code: 'would-block' });
    await expect(socket.recv(1)).rejects.toMatchObject({ code: 'would-block' });
    expect((await select([], [socket]))[1]).toEqual([socket]);
    await socket.connected();
    expect(await socket.send(new Uint8Array(1))).toBe(1);
    await socket.reset();
  });

  test('finds a refused socket readable and writable, and says so when asked', async () => {
    const listener = await listen({ host: HOST, port: 0 });
    const { port } = listener;
    await listener.close();
    const socket = startConnect({ host: HOST, port });
    expect(await select([socket], [socket])).toEqual([[socket], [socket], []]);
    await expect(socket.connected()).rejects.toMatchObject({ op: 'connect', code: 'refused' });
  });

  test('refuses files, and times that are none', async () => {
    const file = { fd: 1 };
    // @ts-expect-error Only sockets and listeners are accepted.
    await expect(select([file], [])).rejects.toMatchObject({ op: 'select', code: 'invalid' });
    await expect(select([], [], [], { timeoutMs: -1 })).rejects.toMatchObject({ code: 'invalid' });
  });

  test('finds all that are ready, also beside one that has been for long', async () => {
    const old = await pair('connected');
    const fresh = await pair('accepted');
    old.peer.write('x');
    await select([old.socket], []);
    await new Promise<void>((resolve) => fresh.peer.write('y', () => resolve()));
    expect((await select([old.socket, fresh.socket], []))[0]).toEqual([old.socket, fresh.socket]);
  });

  test('ends when it is told to', async () => {
    const stop = new AbortController();
    const waiting = select([], [], [], { signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ op: 'select', code: 'aborted' });
  });

  test('serves every one of a hundred sockets while one of them never stops talking', async () => {
    await using listener = await listen({ host: HOST, port: 0 });
    const both: { client: Socket; served: Socket }[] = [];
    while (both.length < 100) {
      const client = await connect({ host: HOST, port: listener.port });
      both.push({ client, served: await listener.accept() });
    }
    const [loud, ...quiet] = both;
    const talk = (async () => {
      // Until it is reset.
      while ((await loud?.client.send(new Uint8Array(65_536)).catch(() => 0)) !== 0);
    })();
    for (const { client } of quiet) await client.sendAll(Uint8Array.of(1));
    const heard = new Set<unknown>();
    while (heard.size < 100) {
      const [readable] = await select(
        both.map(({ served }) => served),
        [],
      );
      for (const socket of readable) {
        await socket.recv(65_536);
        heard.add(socket);
      }
    }
    await Promise.all(both.flatMap(({ client, served }) => [client.reset(), served.reset()]));
    await talk;
    expect(heard.size).toBe(100);
  });
});

describe('what this side closes while select waits for it is told at once', () => {
  type Start = () => Promise<{ waits: Promise<unknown>; close: () => Promise<void> }>;
  const starts: [string, Start][] = [
    [
      'a socket among the readers',
      async () => {
        const { socket } = await pair('connected');
        return { waits: select([socket], []), close: async () => await socket.close({ lingerMs: 60_000 }) };
      },
    ],
    [
      'a socket in the list of errors',
      async () => {
        const { socket } = await pair('accepted');
        return { waits: select([], [], [socket]), close: async () => await socket.close({ lingerMs: 60_000 }) };
      },
    ],
    [
      'a listener',
      async () => {
        const listener = await listen({ host: HOST, port: 0 });
        return { waits: select([listener], []), close: async () => await listener.close() };
      },
    ],
  ];
  test.each(starts)('%s', async (_name, start) => {
    const { waits, close } = await start();
    const told = waits.catch((error: unknown) => error);
    // It looks at the kernel first, and waits then.
    for (let turns = 0; turns < 5; turns += 1) await turn();
    void close();
    expect(await told).toMatchObject({ op: 'select', code: 'not-open' });
  });
});

describe('modes', () => {
  test('a receive in non-blocking mode gives what has arrived, or says that nothing has', async () => {
    const { socket, peer } = await pair('connected');
    socket.setBlocking(false);
    await expect(socket.recv(10)).rejects.toMatchObject({ op: 'recv', code: 'would-block' });
    await new Promise<void>((resolve) => peer.write('abc', () => resolve()));
    expect(Buffer.from(await socket.recv(10)).toString()).toBe('abc');
    socket.setBlocking(true);
    setTimeout(() => peer.write('late'), 50);
    expect(Buffer.from(await socket.recv(10)).toString()).toBe('late');
  });

  test('a timeout bounds every call that brings no deadline', async () => {
    const { socket } = await pair('connected');
    socket.setTimeout(80);
    await expectEndsAfter(80, async () => {
      await expect(socket.recv(10)).rejects.toMatchObject({ op: 'recv', code: 'timeout' });
    });
    expect(() => socket.setTimeout(-1)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });

  test('a closed listener ends the accept that waits', async () => {
    const listener = await listen({ host: HOST, port: 0 });
    const waiting = listener.accept().catch((error: unknown) => error);
    await listener.close();
    expect(await waiting).toMatchObject({ op: 'accept', code: 'not-open' });
  });

  test('an accepted socket is blocking, whatever its listener is', async () => {
    await using listener = await listen({ host: HOST, port: 0 });
    listener.setBlocking(false);
    const client = await connect({ host: HOST, port: listener.port });
    await select([listener], []);
    const accepted = await listener.accept();
    const waiting = accepted.recv(1);
    await client.sendAll(Uint8Array.of(1));
    expect(await waiting).toHaveLength(1);
    await Promise.all([client.reset(), accepted.reset()]);
  });
});
