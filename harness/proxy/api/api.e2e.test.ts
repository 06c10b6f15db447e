import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { Rig } from '../rig.ts';
import { heldBytes } from '../stream/item-queue.ts';
import { kindNamed } from '../toxics/catalog.ts';
import { Refusal } from './reply.ts';
import { routesOf } from './routes.ts';
import { createApi } from './server.ts';

/** Every type of toxic, and every attribute that one of them has. */
const TYPES = ['latency', 'bandwidth', 'slow_close', 'timeout', 'slicer', 'limit_data', 'reset_peer', 'noop'].concat([
  'fragment',
  'coalesce',
  'reset',
  'fin',
  'hold',
  'swallow',
  'stall',
  'corrupt',
]);
const ATTRIBUTES = [...new Set(TYPES.flatMap((type) => Object.keys(kindNamed(type)?.fields ?? {}))), 'connections'];

/** Waits until the condition holds; the test's own time limit is the bound. */
const eventually = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('the API', () => {
  test('survives whatever is sent to it', { timeout: 60_000 }, async () => {
    await using rig = new Rig();
    const server = createApi(
      routesOf({ registry: rig.registry, journal: rig.journal, metrics: { proxyMetrics: true, runtimeMetrics: true } }),
      () => undefined,
    );
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const segment = fc.constantFrom(
      'proxies',
      'toxics',
      'populate',
      'reset',
      'p',
      't',
      'connections',
      '1',
      'version',
      '%2F',
      '%',
      '..',
      '',
    );
    const body = fc.oneof(
      fc.json(),
      fc.string(),
      fc.constant('{"name":"p","listen":"127.0.0.1:0","upstream":"127.0.0.1:1"}'),
      fc.constant('{"name":"t","type":"slicer","attributes":{"average_size":1}}'),
      fc
        .record({
          name: fc.string(),
          type: fc.constantFrom('latency', 'bandwidth', 'fragment', 'reset'),
          attributes: fc.dictionary(
            fc.constantFrom('latency', 'rate', 'bytes', 'sizes', 'every', 'connections'),
            fc.anything(),
          ),
        })
        .map((value) => JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one))),
    );
    const method = fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT');
    await fc.assert(
      fc.asyncProperty(method, fc.array(segment, { maxLength: 5 }), body, async (verb, segments, text) => {
        const response = await fetch(`http://127.0.0.1:${port}/${segments.join('/')}`, {
          method: verb,
          redirect: 'manual',
          ...(verb !== 'GET' && { body: text }),
        });
        const said = await response.text();
        // Where nothing can be listened on is the one thing that is wrong with the machine, not with the request.
        const isTold = response.status === 500 && /^\{"error":"(listen|address|lookup) /.test(said);
        expect(response.status < 500 || isTold ? 'told' : said).toBe('told');
      }),
      { numRuns: 400 },
    );
    for (const raw of [
      '\r\n\r\n',
      'GET\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n\r\n`,
      '\0'.repeat(1000),
    ]) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.end(raw);
      socket.resume();
      await closed;
    }
    expect((await fetch(`http://127.0.0.1:${port}/version`)).status).toBe(200);
    server.closeAllConnections();
    server.close();
  });

  test(
    'takes or refuses whatever attributes there are, and lives through those it took',
    { timeout: 60_000 },
    async () => {
      const value = fc.oneof(fc.nat(5), fc.integer(), fc.double(), fc.string(), fc.array(fc.nat(9)), fc.anything());
      const type = fc.constantFrom(...TYPES);
      const toxic = fc
        .record({ type, attributes: fc.dictionary(fc.constantFrom(...ATTRIBUTES), value, { maxKeys: 3 }) })
        .map(({ type: name, attributes }) => ({ name, type: name, stream: 'upstream', attributes }));
      let taken = 0;
      await using rig = new Rig();
      const { proxy } = await rig.pair();
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(toxic, { maxLength: 4, selector: ({ name }) => name }), async (toxics) => {
          const added = toxics.filter((one) => {
            try {
              rig.add(proxy, one);
              return true;
            } catch (error) {
              if (error instanceof Refusal) return false;
              throw error;
            }
          });
          taken += added.length;
          const one = await rig.client(proxy);
          one.socket.on('error', () => undefined);
          const [accepted] = rig.told('accepted', { clientPort: one.socket.localPort }).slice(-1);
          one.socket.end('some bytes');
          if (added.length > 0) await Promise.race([rig.until('effect', { conn: accepted?.['conn'] }), pause(5)]);
          for (const { name } of added) rig.remove(proxy, name);
          one.socket.destroy();
        }),
        { numRuns: 150 },
      );
      expect(taken).toBeGreaterThan(30);
      const last = await rig.client(proxy);
      const accepted = await rig.until('accepted', { clientPort: last.socket.localPort });
      last.socket.end('still here');
      await rig.until('wrote', { conn: accepted['conn'], direction: 'upstream', bytes: 10 });
      expect(proxy.toxics('upstream')).toEqual([]);
    },
  );

  test('does not wait for slow senders', async () => {
    await using rig = new Rig();
    const metrics = { proxyMetrics: false, runtimeMetrics: false };
    const server = createApi(routesOf({ registry: rig.registry, journal: rig.journal, metrics }), () => undefined);
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const head = 'POST /proxies HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{';
    const slow = Array.from({ length: 200 }, (_, index) => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.write(head.slice(0, 1 + (index % head.length)));
      return socket.resume();
    });
    await Promise.all(slow.map((socket) => once(socket, 'connect')));
    const beganMs = performance.now();
    expect((await fetch(`http://127.0.0.1:${port}/version`)).status).toBe(200);
    expect(performance.now() - beganMs).toBeLessThan(5000);
    expect(server.requestTimeout).toBe(15_000);
    for (const socket of slow) socket.destroy();
    server.closeAllConnections();
    server.close();
  });

  test('answers while connections are stalled, an upstream is silent and toxics come and go', async () => {
    await using rig = new Rig();
    const { proxy: hole } = await rig.pair();
    await hole.update({ hang: true });
    const silent = await rig.proxy(hole.listen);
    const waiting = await rig.client(silent);
    const { proxy, client, server } = await rig.pair([
      { name: 'stalled', type: 'latency', stream: 'downstream', attributes: { latency: 5 } },
    ]);
    client.socket.pause();
    server.socket.write(randomBytes(40 * 1024 * 1024));
    // Real Toxiproxy blocks here for ever: its reader has stopped and a toxic is taken away (Shopify/toxiproxy#558).
    await rig.until('effect', { effect: 'delayed' });
    await eventually(() => heldBytes() > 1024 * 1024);
    const before = performance.now();
    rig.remove(proxy, 'stalled');
    rig.add(proxy, { name: 'again', type: 'latency', stream: 'downstream', attributes: { latency: 1 } });
    await proxy.update({ enabled: false });
    // Here it blocks too, until the kernel gives up: its dial to an upstream that does not answer holds a lock.
    await rig.registry.remove(silent.name);
    expect(performance.now() - before).toBeLessThan(1000);
    await waiting.end();
    expect(proxy.connections.size).toBe(0);
  });
});
