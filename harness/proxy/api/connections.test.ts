import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { toxic } from '../rig.ts';
import { Api, refusal } from './api-rig.ts';

describe('connections', () => {
  test('are listed with their bytes, their state and the toxics that acted', async () => {
    await using api = await Api.open();
    const { client, server } = await api.rig.pair([
      { name: 'f0', type: 'corrupt', stream: 'upstream', attributes: { offset: 0, xor: 1 } },
    ]);
    client.socket.write('abc');
    await server.has(3);
    const [one] = (await api.call('GET', '/connections')).json as [object];
    expect(one).toMatchObject({
      proxy: 'proxy-1',
      conn: 1,
      client: `127.0.0.1:${client.socket.localPort}`,
      state: 'open',
      bytes: { upstream: { read: 3, wrote: 3, held: 0 }, downstream: { read: 0 } },
      acted: ['f0'],
    });
  });

  test('tell what is held from what is lost, and which ends are over', async () => {
    await using api = await Api.open();
    const { rig } = api;
    const { client, server } = await rig.pair([
      { name: 'kept', type: 'hold', stream: 'upstream', attributes: { bytes: 3 } },
      { name: 'lost', type: 'swallow', stream: 'downstream', attributes: { bytes: 1 } },
    ]);
    client.socket.end('abcdefg');
    server.socket.write('hijkl');
    await rig.until('fin-read');
    await server.has(3);
    await rig.until('effect', { toxic: 'lost' });
    await client.has(1);
    const [one] = (await api.call('GET', '/connections')).json as [object];
    expect(one).toMatchObject({
      state: 'half-closed',
      bytes: {
        upstream: { read: 7, wrote: 3, held: 4, lost: 0, senderEnded: true, receiverEnded: false },
        downstream: { read: 5, wrote: 1, held: 0, lost: 4, senderEnded: false, receiverEnded: false },
      },
    });
  });

  test('name their peers as addresses are written, on IPv6 and Unix sockets too', async () => {
    await using api = await Api.open();
    const { rig } = api;
    const folder = await mkdtemp(join(tmpdir(), 'halfopen-'));
    try {
      const behind = await rig.upstream({ path: join(folder, 'upstream') });
      const six = await rig.proxy(behind.address, [], '[::1]:0');
      const unix = await rig.proxy(six.listen, [], `unix:${join(folder, 'proxy')}`);
      await rig.client(unix);
      await behind.next();
      const [first, second] = (await api.call('GET', '/connections')).json as [object, object];
      expect(first).toMatchObject({
        client: expect.stringMatching(/^\[::1\]:\d+$/) as string,
        upstream: behind.address,
      });
      expect(second).toMatchObject({ client: unix.listen, upstream: six.listen });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('take toxics of their own: one is reset, now, the other lives', async () => {
    await using api = await Api.open();
    const { proxy: made, upstream, client } = await api.rig.pair();
    const other = await api.rig.client(made);
    await upstream.next();
    const path = '/proxies/proxy-1/connections/2/toxics';
    expect(await api.call('POST', path, { type: 'reset', attributes: { bytes: 0 } })).toMatchObject({ status: 200 });
    expect(await other.end()).toBe('reset');
    expect(client.ending).toBeUndefined();
    expect(await api.call('POST', path, { type: 'noop' })).toMatchObject(refusal(404, 'connection not found'));
    const first = '/proxies/proxy-1/connections/1/toxics';
    await api.call('POST', first, { name: 'a', type: 'noop' });
    expect(await api.call('DELETE', `${first}/a`)).toMatchObject({ status: 204 });
    expect(await api.call('DELETE', `${first}/a`)).toMatchObject(refusal(404, 'toxic not found'));
  });

  test('have toxics that are listed and changed, under names that their proxy has not', async () => {
    await using api = await Api.open();
    const { client, server } = await api.rig.pair([toxic('noop', {})]);
    const path = '/proxies/proxy-1/connections/1/toxics';
    const taken = refusal(409, 'toxic already exists');
    expect(await api.call('POST', path, { name: 'f0', type: 'noop' })).toMatchObject(taken);
    await api.call('POST', path, { name: 'own', type: 'latency', attributes: { latency: 60_000 } });
    expect(await api.call('POST', '/proxies/proxy-1/toxics', { name: 'own', type: 'noop' })).toMatchObject(taken);
    const entry = { name: 'proxy-1', toxics: [{ name: 'own', type: 'noop' }] };
    const proxy = (await api.call('GET', '/proxies/proxy-1')).json as object;
    expect(await api.call('POST', '/populate', [{ ...proxy, ...entry }])).toMatchObject({ status: 409 });
    server.socket.write('kept');
    await api.rig.until('effect', { effect: 'held' });
    expect(await api.call('PATCH', `${path}/own`, { attributes: { latency: 0 } })).toMatchObject({
      status: 200,
      json: { name: 'own', attributes: { latency: 0 } },
    });
    await client.has(4);
    expect((await api.call('GET', path)).json).toMatchObject([{ name: 'own', attributes: { latency: 0 } }]);
    expect((await api.call('GET', `${path}/own`)).json).toMatchObject({ name: 'own', type: 'latency' });
  });

  test('of a proxy that is made anew are told apart by its number', async () => {
    await using api = await Api.open();
    const { proxy, upstream } = await api.rig.pair();
    await api.rig.registry.remove(proxy.name);
    const again = await api.rig.proxy(upstream.address, [], proxy.listen);
    await api.rig.client(again);
    await upstream.next();
    const [one] = (await api.call('GET', '/connections')).json as { proxyNumber: number; conn: number }[];
    expect(again.name).toBe(proxy.name);
    expect(one).toMatchObject({ proxy: proxy.name, proxyNumber: again.proxyNumber, conn: 1 });
    expect(again.proxyNumber).toBeGreaterThan(proxy.proxyNumber);
    const { events } = api.rig.journal.since({ seq: 0, nth: 0 }, undefined);
    const accepted = events.filter(({ kind }) => kind === 'accepted');
    expect(accepted.map(({ source }) => source.proxyNumber)).toEqual([proxy.proxyNumber, again.proxyNumber]);
  });
});

describe('metrics', () => {
  test('count the bytes of open connections', async () => {
    await using api = await Api.open();
    const { client, server } = await api.rig.pair();
    client.socket.write('abc');
    await server.has(3);
    const { text } = await api.call('GET', '/metrics');
    expect(text).toMatch(/toxiproxy_proxy_received_bytes_total\{direction="upstream",[^}]*proxy="proxy-1"[^}]*\} 3\n/);
    expect(text).toMatch(/toxiproxy_proxy_sent_bytes_total\{direction="downstream",[^}]*\} 0\n/);
  });

  test('keep what they counted when a proxy is replaced or removed, and count on when it is there again', async () => {
    await using api = await Api.open();
    const { proxy, upstream, client, server } = await api.rig.pair();
    const { name, listen } = proxy;
    client.socket.write('abc');
    await server.has(3);
    const counted = async (): Promise<string[]> => {
      const { text } = await api.call('GET', '/metrics');
      const lines = /^toxiproxy_proxy_sent_bytes_total\{direction="upstream".*,upstream="([^"]*)"\} (\d+)$/gm;
      return [...text.matchAll(lines)].map(([, to, bytes]) => `${to} ${bytes}`);
    };
    await api.call('POST', '/populate', [{ name, listen, upstream: '127.0.0.1:1' }]);
    expect(await counted()).toEqual([`${upstream.address} 3`, '127.0.0.1:1 0']);
    await api.call('DELETE', `/proxies/${name}`);
    expect(await counted()).toEqual([`${upstream.address} 3`, '127.0.0.1:1 0']);
    await api.call('POST', '/proxies', { name, listen, upstream: upstream.address });
    const again = await api.rig.client({ listen });
    again.socket.write('de');
    await (await upstream.next()).has(2);
    expect(await counted()).toEqual(['127.0.0.1:1 0', `${upstream.address} 5`]);
  });
});
