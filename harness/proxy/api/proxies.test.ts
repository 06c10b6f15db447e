import { once } from 'node:events';
import { connect } from 'node:net';

import { describe, expect, test } from 'vitest';

import { toxic } from '../rig.ts';
import { Api, PROXY, refusal } from './api-rig.ts';

describe('proxies', () => {
  test('are created, listed, changed and removed', async () => {
    await using api = await Api.open();
    const created = await api.call('POST', '/proxies', PROXY);
    expect(created.status).toBe(201);
    expect(created.json).toEqual({
      ...PROXY,
      listen: expect.stringMatching(/^127\.0\.0\.1:[1-9]\d*$/) as string,
      enabled: true,
      toxics: [],
    });
    expect((await api.call('GET', '/proxies')).json).toEqual({ redis: created.json });
    expect((await api.call('GET', '/proxies/redis')).json).toEqual(created.json);
    const changed = await api.call('PATCH', '/proxies/redis', { enabled: false, name: 'ignored' });
    expect(changed).toMatchObject({ status: 200, json: { name: 'redis', enabled: false } });
    expect(await api.call('POST', '/proxies/redis', { upstream: 'other:1' })).toMatchObject({
      status: 200,
      json: { upstream: 'other:1', enabled: false },
    });
    expect(await api.call('DELETE', '/proxies/redis')).toMatchObject({ status: 204, text: '' });
    expect((await api.call('GET', '/proxies')).json).toEqual({});
  });

  test('are refused with the texts that clients know', async () => {
    await using api = await Api.open();
    expect(await api.call('POST', '/proxies', '')).toMatchObject(refusal(400, 'bad request body: EOF'));
    expect(await api.call('POST', '/proxies', '{"name"')).toMatchObject(
      refusal(400, 'bad request body: unexpected EOF'),
    );
    expect(await api.call('POST', '/proxies', { upstream: 'a:1' })).toMatchObject(
      refusal(400, 'missing required field: name'),
    );
    expect(await api.call('POST', '/proxies', { name: 'a' })).toMatchObject(
      refusal(400, 'missing required field: upstream'),
    );
    await api.call('POST', '/proxies', PROXY);
    expect(await api.call('POST', '/proxies', PROXY)).toMatchObject(refusal(409, 'proxy already exists'));
    expect(await api.call('GET', '/proxies/none')).toMatchObject(refusal(404, 'proxy not found'));
    expect(await api.call('DELETE', '/proxies/none')).toMatchObject(refusal(404, 'proxy not found'));
    const { listen } = (await api.call('GET', '/proxies/redis')).json as { listen: string };
    expect(await api.call('POST', '/proxies', { ...PROXY, name: 'second', listen })).toMatchObject(
      refusal(500, `listen tcp ${listen}: bind: address already in use`),
    );
    expect((await api.call('GET', '/proxies/second')).status).toBe(404);
    expect(await api.call('POST', '/proxies', { ...PROXY, name: 'third', listen: '127.0.0.1:http' })).toMatchObject(
      refusal(500, 'listen tcp: lookup tcp/http: unknown port'),
    );
  });

  test.for(['0.0.0.0', '', '[::]'])('on all addresses as %j are reached by IPv4 and by IPv6', async (host) => {
    await using api = await Api.open();
    const upstream = await api.rig.upstream();
    const made = await api.call('POST', '/proxies', { ...PROXY, listen: `${host}:0`, upstream: upstream.address });
    const { listen } = made.json as { listen: string };
    expect(listen).toMatch(/^\[::\]:\d+$/);
    const port = Number(listen.split(':').at(-1));
    for (const [index, address] of ['127.0.0.1', '[::1]'].entries()) {
      const client = await api.rig.client({ listen: `${address}:${port}` });
      const server = await upstream.next();
      client.socket.write('here');
      await server.has(4);
      const [shown] = ((await api.call('GET', '/connections')).json as { client: string }[]).slice(index);
      expect(shown?.client).toMatch(address === '127.0.0.1' ? /^127\.0\.0\.1:\d+$/ : /^\[::1\]:\d+$/);
    }
    // The same place in other words: the connections stay.
    await api.call('PATCH', '/proxies/redis', { listen: `0.0.0.0:${port}` });
    expect(api.rig.told('closed')).toEqual([]);
  });

  test('take keys in any case, ignore unknown ones, and stop at the first JSON value', async () => {
    await using api = await Api.open();
    const body = '{"NAME":"a","Upstream":"b:1","listen":"127.0.0.1:0","colour":"red"} and more';
    expect(await api.call('POST', '/proxies', body)).toMatchObject({
      status: 201,
      json: { name: 'a', upstream: 'b:1' },
    });
  });

  test('may be created with toxics on them, whole or not at all', async () => {
    await using api = await Api.open();
    const toxics = [{ type: 'latency', attributes: { latency: 5 } }];
    expect(await api.call('POST', '/proxies', { ...PROXY, toxics })).toMatchObject({
      status: 201,
      json: { toxics: [{ name: 'latency_downstream', attributes: { latency: 5, jitter: 0 } }] },
    });
    expect(await api.call('POST', '/proxies', { ...PROXY, name: 'b', toxics: [{ type: 'none' }] })).toMatchObject(
      refusal(400, 'invalid toxic type'),
    );
    expect((await api.call('GET', '/proxies/b')).status).toBe(404);
  });

  test('keep open connections when the address written differently is the same', async () => {
    await using api = await Api.open();
    const { client } = await api.rig.pair();
    const { listen } = (await api.call('GET', '/proxies/proxy-1')).json as { listen: string };
    await api.call('PATCH', '/proxies/proxy-1', { listen: listen.replace('127.0.0.1', 'localhost') });
    expect(client.ending).toBeUndefined();
    expect(api.rig.told('closed')).toEqual([]);
    await api.call('PATCH', '/proxies/proxy-1', { upstream: 'localhost:1' });
    expect(await client.end()).toBe('fin');
  });

  test('may let connects hang from the start, also while disabled, until a reset', async () => {
    await using api = await Api.open();
    expect((await api.call('POST', '/proxies', { ...PROXY, hang: true })).json).toMatchObject({ hang: true });
    const off = { ...PROXY, name: 'off', enabled: false };
    await api.call('POST', '/populate', [off]);
    expect((await api.call('POST', '/populate', [{ ...off, hang: true }])).json).toMatchObject({
      proxies: [{ enabled: false, hang: true }],
    });
    const { listen } = (await api.call('GET', '/proxies/redis')).json as { listen: string };
    expect((await api.call('DELETE', '/proxies/redis')).status).toBe(204);
    expect(await api.call('POST', '/proxies', { ...PROXY, listen, hang: true })).toMatchObject({
      status: 201,
      json: { listen, hang: true },
    });
    await api.call('POST', '/reset');
    const { text } = await api.call('GET', '/proxies');
    expect(text).not.toContain('hang');
    const waiting = connect(Number(listen.split(':').at(-1)), '127.0.0.1');
    await once(waiting, 'connect');
    waiting.destroy();
  });

  test('on a Unix socket cannot let connects hang: such a change is refused whole', async () => {
    await using api = await Api.open();
    const why = refusal(400, 'bad request body: a Unix socket cannot let connects hang');
    const unix = { ...PROXY, name: 'unix', listen: 'unix:/nowhere/socket', enabled: false };
    expect(await api.call('POST', '/proxies', { ...unix, hang: true })).toMatchObject(why);
    await api.call('POST', '/proxies', unix);
    expect(await api.call('PATCH', '/proxies/unix', { upstream: 'other:1', hang: true })).toMatchObject(why);
    expect((await api.call('GET', '/proxies/unix')).json).toMatchObject({ upstream: PROXY.upstream });
  });

  test('may have names that need escaping', async () => {
    await using api = await Api.open();
    await api.call('POST', '/proxies', { ...PROXY, name: 'a/b c:1' });
    expect((await api.call('GET', `/proxies/${encodeURIComponent('a/b c:1')}`)).status).toBe(200);
  });
});

describe('populate and reset', () => {
  test('make, keep and replace proxies', async () => {
    await using api = await Api.open();
    expect(await api.call('POST', '/populate', [])).toMatchObject({ status: 201, json: { proxies: [] } });
    const first = await api.call('POST', '/populate', [PROXY, { ...PROXY, name: 'two', enabled: false }]);
    expect(first).toMatchObject({
      status: 201,
      json: {
        proxies: [
          { name: 'redis', enabled: true },
          { name: 'two', enabled: false },
        ],
      },
    });
    const { listen } = (await api.call('GET', '/proxies/redis')).json as { listen: string };
    await api.call('POST', '/proxies/redis/toxics', { type: 'noop' });
    await api.call('POST', '/populate', [{ ...PROXY, listen, enabled: false }]);
    expect((await api.call('GET', '/proxies/redis')).json).toMatchObject({ enabled: true, toxics: [{ type: 'noop' }] });
    const toxics = [{ type: 'latency', attributes: { latency: 5 } }];
    await api.call('POST', '/populate', [{ ...PROXY, listen, toxics }]);
    expect((await api.call('GET', '/proxies/redis')).json).toMatchObject({
      toxics: [{ type: 'latency', attributes: { latency: 5 } }],
    });
    await api.call('POST', '/populate', [{ ...PROXY, listen, upstream: 'elsewhere:1' }]);
    expect((await api.call('GET', '/proxies/redis')).json).toMatchObject({
      listen,
      upstream: 'elsewhere:1',
      toxics: [],
    });
  });

  test('let a toxic that stays, perhaps with other attributes, work on', async () => {
    await using api = await Api.open();
    const { proxy, client, server } = await api.rig.pair([toxic('timeout', { timeout: 60_000 })]);
    client.socket.write('lost');
    await api.rig.until('effect', { effect: 'swallowed' });
    const { name, listen, upstream } = proxy;
    const toxics = [toxic('timeout', { timeout: 0 }), toxic('noop', {}, { name: 'f1' })];
    await api.call('POST', '/populate', [{ name, listen, upstream, toxics }]);
    // A timeout that is taken away closes the connections it has worked on.
    expect(api.rig.told('closed')).toEqual([]);
    expect(server.ending).toBeUndefined();
    await api.call('POST', '/populate', [{ name, listen, upstream, toxics: [] }]);
    expect(await server.end()).toBe('fin');
  });

  test('name the entry that is wrong before anything is made', async () => {
    await using api = await Api.open();
    expect(await api.call('POST', '/populate', [PROXY, { name: 'two' }])).toMatchObject(
      refusal(400, 'missing required field: upstream at proxy 2'),
    );
    expect((await api.call('GET', '/proxies')).json).toEqual({});
  });

  test('tell what was made when one cannot listen', async () => {
    await using api = await Api.open();
    const two = { ...PROXY, name: 'two', listen: '192.0.2.1:1' };
    const answer = await api.call('POST', '/populate', [PROXY, two]);
    expect(answer).toMatchObject({ status: 500, json: { status: 500, proxies: [{ name: 'redis' }] } });
    expect(answer.json).toMatchObject({ error: 'listen tcp 192.0.2.1:1: bind: cannot assign requested address' });
  });

  test('start everything and take all toxics away', async () => {
    await using api = await Api.open();
    await api.call('POST', '/proxies', { ...PROXY, enabled: false, toxics: [{ type: 'noop' }] });
    expect(await api.call('POST', '/reset')).toMatchObject({ status: 204, text: '' });
    expect((await api.call('GET', '/proxies/redis')).json).toMatchObject({ enabled: true, toxics: [] });
  });
});

test('a reset tries every proxy, though one cannot listen', async () => {
  await using api = await Api.open();
  await api.call('POST', '/proxies', {
    ...PROXY,
    name: 'blocked',
    listen: '192.0.2.1:1',
    enabled: false,
    toxics: [{ type: 'noop' }],
  });
  await api.call('POST', '/proxies', { ...PROXY, enabled: false });
  const answer = await api.call('POST', '/reset');
  expect(answer).toMatchObject(refusal(500, 'listen tcp 192.0.2.1:1: bind: cannot assign requested address'));
  expect((await api.call('GET', '/proxies')).json).toMatchObject({ blocked: { toxics: [] }, redis: { enabled: true } });
});
