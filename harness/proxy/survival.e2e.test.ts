import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { describe, expect, test } from 'vitest';

import { type Peer, Rig, toxic } from './rig.ts';
import { heldBytes } from './stream/item-queue.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const openFiles = (): number => readdirSync('/proc/self/fd').length;

/** Waits until the condition holds; the test's own time limit is the bound. */
const eventually = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('connections', () => {
  test('come and go five thousand times and leave nothing', { timeout: 120_000 }, async () => {
    await using rig = new Rig();
    const upstream = await rig.upstream();
    upstream.server.on('connection', (socket: Socket) => {
      socket.on('data', (part) => socket.write(part));
      socket.on('end', () => socket.end());
      for (const connection of proxy.connections.values()) known.push(new WeakRef(connection));
    });
    const known: WeakRef<object>[] = [];
    const proxy = await rig.proxy(upstream.address, [
      { name: 'late', type: 'latency', attributes: { latency: 1 }, toxicity: 0.5 },
    ]);
    const port = Number(proxy.listen.split(':').at(-1));
    const before = openFiles();
    const one = async (number: number): Promise<void> => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      await Promise.race([once(socket, 'connect'), closed]);
      if (number % 5 === 0) socket.resetAndDestroy();
      else if (number % 5 === 1) socket.destroy();
      else {
        socket.write(`message ${number}`);
        if (number % 5 === 2) socket.resetAndDestroy();
        else if (number % 5 === 3) await Promise.race([once(socket, 'data'), closed]).then(() => socket.destroy());
        else socket.resume().end();
      }
      await closed;
    };
    for (let number = 0; number < 5000; number += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, index) => one(number + index)));
    }
    await eventually(() => proxy.connections.size === 0);
    expect(known.length).toBeGreaterThan(1000);
    await eventually(() => {
      collectGarbage();
      return known.filter((connection) => connection.deref() !== undefined).length < 10;
    });
    await eventually(() => openFiles() <= before + 5);
    expect(heldBytes()).toBe(0);
    expect(rig.told('accepted').length).toBe(5000);
    const closed = new Set<unknown>();
    for (const event of rig.events) {
      expect(closed.has(event['conn'])).toBe(false);
      if (event.kind === 'closed') closed.add(event['conn']);
    }
    expect(closed.size).toBe(5000);
  });

  /** Keeps what that peer sends in the hands of a toxic. */
  const keep = async (rig: Rig, { from, of, at }: { from: Peer; of: 'upstream' | 'downstream'; at: object }) => {
    for (const proxy of rig.registry.proxies) rig.add(proxy, toxic('hold', {}, { ...at, name: 'kept', stream: of }));
    from.socket.write(randomBytes(100_000));
    await rig.until('effect', { toxic: 'kept', effect: 'held' });
  };
  /** Lets a placed reset wait for its receiver, which reads nothing. */
  const resetAt = async (rig: Rig, { from, to, of }: { from: Peer; to: Peer; of: 'upstream' | 'downstream' }) => {
    const bytes = 1_000_000;
    const [proxy] = rig.registry.proxies;
    if (proxy !== undefined) rig.add(proxy, toxic('reset', { bytes }, { stream: of }));
    to.socket.pause();
    from.socket.write(randomBytes(bytes + 70_000));
    await eventually(() => (proxy?.bytes[of].read ?? 0) >= bytes);
  };
  interface Ways {
    readonly out: 'upstream' | 'downstream';
    readonly back: 'upstream' | 'downstream';
  }
  const LATE = { type: 'latency', attributes: { latency: 600_000 } };
  const moments: Readonly<Record<string, (one: Peer, other: Peer, rig: Rig, ways: Ways) => Promise<unknown>>> = {
    'at once': () => Promise.resolve(),
    'after sending': (one) => new Promise((resolve) => one.socket.write(randomBytes(100_000), resolve)),
    'in the middle of sending': (one) => Promise.resolve(one.socket.write(randomBytes(8_000_000))),
    'in the middle of receiving': async (one, other) => {
      other.socket.write(randomBytes(8_000_000));
      await one.has(1000);
    },
    'after its own end': (one, other) => {
      one.socket.end();
      return other.end();
    },
    'after the other’s end': (one, other) => {
      other.socket.end();
      return one.end();
    },
    'while paused with data unread': async (one, other, rig) => {
      one.socket.pause();
      other.socket.write(randomBytes(8_000_000));
      await rig.until('wrote');
    },
    'with its bytes in a latency': (one, _, rig, { out }) => keep(rig, { from: one, of: out, at: LATE }),
    'with bytes for it in a latency': (_, other, rig, { back }) => keep(rig, { from: other, of: back, at: LATE }),
    'with its bytes in a hold': (one, _, rig, { out }) => keep(rig, { from: one, of: out, at: {} }),
    'with bytes for it in a hold': (_, other, rig, { back }) => keep(rig, { from: other, of: back, at: {} }),
    'while a placed reset waits for its peer': (one, other, rig, { out }) =>
      resetAt(rig, { from: one, to: other, of: out }),
    'while a placed reset waits for it': (one, other, rig, { back }) =>
      resetAt(rig, { from: other, to: one, of: back }),
  };
  test.for(Object.keys(moments).flatMap((moment) => [['client', moment] as const, ['server', moment] as const]))(
    'end on both sides when the %s resets %s',
    async ([who, moment]) => {
      await using rig = new Rig();
      const { proxy, client, server } = await rig.pair();
      const [one, other] = who === 'client' ? [client, server] : [server, client];
      const [out, back] =
        who === 'client' ? (['upstream', 'downstream'] as const) : (['downstream', 'upstream'] as const);
      await moments[moment]?.(one, other, rig, { out, back });
      one.socket.resetAndDestroy();
      // What is kept of its own is before its reset.
      if (moment.startsWith('with its')) rig.remove(proxy, 'kept');
      other.socket.resume();
      if (moment.startsWith('after')) other.socket.write('to notice a reset after an end, one has to send');
      await eventually(() => proxy.connections.size === 0);
      expect(await other.end()).toMatch(/reset|fin/);
      expect(heldBytes()).toBe(0);
    },
  );

  /** A client of a proxy whose upstream lets connects hang, and that has reset before it was noticed. */
  const resetWhileDialing = async (rig: Rig) => {
    const { proxy: hole, upstream } = await rig.pair();
    await hole.update({ hang: true });
    const proxy = await rig.proxy(hole.listen);
    const client = await rig.client(proxy);
    client.socket.write('unheard');
    client.socket.resetAndDestroy();
    await rig.until('accepted', { proxy: proxy.name });
    expect(proxy.connections.size).toBe(1);
    return { hole, upstream, proxy };
  };

  test('end when the client resets while an upstream is dialed that never answers', async () => {
    await using rig = new Rig({ dialTimeoutMs: 100 });
    const { proxy } = await resetWhileDialing(rig);
    await eventually(() => proxy.connections.size === 0);
    expect(rig.told('dial-failed', { proxy: proxy.name })).toMatchObject([{ code: 'timeout' }]);
  });

  test('end on both sides when the client resets while an upstream is dialed that answers later', async () => {
    await using rig = new Rig();
    const { hole, upstream, proxy } = await resetWhileDialing(rig);
    // The kernel sends the SYN again one second after the first.
    await hole.update({ hang: false });
    expect(await (await upstream.next()).end()).toBe('reset');
    await eventually(() => proxy.connections.size + hole.connections.size === 1);
    expect(heldBytes()).toBe(0);
  });

  test('lose no byte while toxics are put on and taken away ten thousand times', { timeout: 120_000 }, async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair();
    const types = [
      ['latency', { latency: 1 }],
      ['noop', {}],
      ['fragment', { every: 10_000 }],
      ['bandwidth', { rate: 90_000 }],
      ['coalesce', { bytes: 5000, wait: 1 }],
      ['hold', { bytes: 0 }],
      ['stall', { bytes: 0 }],
    ] as const;
    const stop = new AbortController();
    const stopped = once(stop.signal, 'abort');
    // Chunks of numbers that rise by one: whatever is lost, doubled or out of order shows where.
    const feed = async ({ socket }: Peer): Promise<number> => {
      let numbers = 0;
      while (!stop.signal.aborted) {
        const chunk = Uint32Array.from({ length: 1 + (numbers % 4000) }, (_, index) => numbers + index);
        numbers += chunk.length;
        if (!socket.write(Buffer.from(chunk.buffer))) await Promise.race([once(socket, 'drain'), stopped]);
        await new Promise((resolve) => setImmediate(resolve));
      }
      socket.end();
      return numbers;
    };
    const feeding = Promise.all([feed(client), feed(server)]);
    const readBefore = rig.told('read').length;
    for (let round = 0; round < 10_000; round += 1) {
      const [type, attributes] = types[round % types.length] ?? ['noop', {}];
      rig.add(proxy, { name: `t${round}`, type, stream: round % 2 === 0 ? 'upstream' : 'downstream', attributes });
      rig.remove(proxy, `t${round - (round % 3)}`);
      if (round % 3 === 2) for (const back of [0, 1, 2]) rig.remove(proxy, `t${round - back}`);
      if (round % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(rig.told('read').length - readBefore).toBeGreaterThan(100);
    for (const direction of ['upstream', 'downstream'] as const) proxy.setToxics(direction, []);
    stop.abort();
    const [up, down] = await feeding;
    await Promise.all([client.end(), server.end()]);
    for (const [peer, numbers] of [
      [server, up],
      [client, down],
    ] as const) {
      const { received } = peer;
      expect(received.length).toBe(numbers * 4);
      const found = new Uint32Array(Uint8Array.from(received).buffer);
      expect(found.findIndex((number, index) => number !== index)).toBe(-1);
    }
  });
});

describe('the program', () => {
  test('lives through a full table of file descriptors, and serves again afterwards', { timeout: 60_000 }, async () => {
    const child = spawn(
      'bash',
      ['-c', `ulimit -n 60; exec "${process.execPath}" "${MAIN}" --host 127.0.0.1 --port 0 --exit-with-stdin`],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: { ...process.env, LOG_LEVEL: 'disabled' },
      },
    );
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { address } = JSON.parse(line) as { address: string };
    // One connection to the API, kept: a new one would need a descriptor too.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const call = (method: string, path: string, body?: object): Promise<string> =>
      new Promise((resolve, reject) => {
        const sent = request(`http://${address}${path}`, { method, agent }, (response) => {
          let text = '';
          response.on('data', (part: Buffer) => (text += part.toString()));
          response.on('end', () => resolve(text));
        });
        sent.on('error', reject);
        sent.end(body === undefined ? undefined : JSON.stringify(body));
      });
    await using rig = new Rig();
    const upstream = await rig.upstream();
    upstream.server.on('connection', (socket: Socket) => socket.on('end', () => socket.end()));
    const made = await call('POST', '/proxies', { name: 'p', listen: '127.0.0.1:0', upstream: upstream.address });
    const { listen } = JSON.parse(made) as { listen: string };
    const sockets = Array.from({ length: 80 }, () => connect(Number(listen.split(':').at(-1)), '127.0.0.1'));
    for (const socket of sockets) socket.on('error', () => undefined).resume();
    await upstream.next();
    expect(await call('GET', '/version')).toContain('2.12.0');
    for (const socket of sockets) socket.destroy();
    let left = 1;
    while (left > 0) left = (JSON.parse(await call('GET', '/connections')) as unknown[]).length;
    const again = await rig.client({ listen });
    again.socket.write('again');
    let answered = false;
    while (!answered) {
      const peer = await upstream.next();
      answered = await Promise.race([peer.has(5).then(() => true), peer.end().then(() => false)]);
    }
    agent.destroy();
    child.stdin.end();
    const [status] = (await once(child, 'exit')) as [number];
    expect(status).toBe(0);
  });
});
