import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

import { describe, expect, test } from 'vitest';

import { Rig } from '../rig.ts';
import { routesOf } from './routes.ts';
import { createApi } from './server.ts';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

/** The API over HTTP, on the proxies of a rig. */
class Api implements AsyncDisposable {
  readonly rig = new Rig();
  readonly #server = createApi(
    routesOf({
      registry: this.rig.registry,
      journal: this.rig.journal,
      metrics: { proxyMetrics: true, runtimeMetrics: false },
    }),
    () => undefined,
  );

  static async open(): Promise<Api> {
    const api = new Api();
    api.#server.listen({ host: '127.0.0.1', port: 0 });
    await once(api.#server, 'listening');
    return api;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const init = { method, headers, redirect: 'manual' as const };
    const sent = body === undefined ? init : { ...init, body: typeof body === 'string' ? body : JSON.stringify(body) };
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, sent);
    const text = await response.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    return { status: response.status, headers: response.headers, text, json };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await this.rig[Symbol.asyncDispose]();
  }
}

const error = (status: number, message: string): object => ({ status, json: { error: message, status } });
const proxy = { name: 'redis', listen: '127.0.0.1:0', upstream: '127.0.0.1:6379' };

describe('every request', () => {
  test('has a request id of twenty characters when its path is known', async () => {
    await using api = await Api.open();
    const known = await api.call('GET', '/version');
    expect(known.headers.get('x-toxiproxy-request-id')).toMatch(/^[0-9a-v]{20}$/);
    expect((await api.call('GET', '/nothing')).headers.get('x-toxiproxy-request-id')).toBeNull();
  });

  test('is refused to browsers on known paths', async () => {
    await using api = await Api.open();
    const agent = { 'User-Agent': 'Mozilla/5.0' };
    expect(await api.call('GET', '/proxies', undefined, agent)).toMatchObject({
      status: 403,
      text: 'User agent not allowed\n',
    });
    expect(await api.call('GET', '/nothing', undefined, agent)).toMatchObject({ status: 404 });
  });

  test('to an unknown path is 404, to a known one by another method 405, to a doubled slash 301', async () => {
    await using api = await Api.open();
    expect(await api.call('GET', '/nothing')).toMatchObject({ status: 404, text: '404 page not found\n' });
    expect(await api.call('GET', '/proxies/')).toMatchObject({ status: 404 });
    for (const method of ['PUT', 'OPTIONS', 'HEAD'])
      expect(await api.call(method, '/proxies')).toMatchObject({ status: 405, text: '' });
    const doubled = await api.call('GET', '//proxies?x=1');
    expect(doubled.status).toBe(301);
    expect(doubled.headers.get('location')).toBe('/proxies?x=1');
  });

  test('that is too large is refused before it is read', async () => {
    await using api = await Api.open();
    const call = request({ port: api.port, method: 'POST', path: '/proxies' });
    call.on('error', () => undefined);
    const answered = once(call, 'response');
    call.write(Buffer.alloc(5 * 1024 * 1024, 0x20));
    const [response] = (await answered) as [{ statusCode: number }];
    expect(response.statusCode).toBe(413);
    call.destroy();
  });

  test('that ends in the middle harms nobody', async () => {
    await using api = await Api.open();
    const socket = connect(api.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.end('POST /proxies HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"name"');
    await once(socket, 'close');
    expect((await api.call('GET', '/version')).text).toBe('{"version": "2.12.0"}\n');
  });
});

describe('proxies', () => {
  test('are created, listed, changed and removed', async () => {
    await using api = await Api.open();
    const created = await api.call('POST', '/proxies', proxy);
    expect(created.status).toBe(201);
    expect(created.json).toEqual({
      ...proxy,
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
    expect(await api.call('POST', '/proxies', '')).toMatchObject(error(400, 'bad request body: EOF'));
    expect(await api.call('POST', '/proxies', '{"name"')).toMatchObject(error(400, 'bad request body: unexpected EOF'));
    expect(await api.call('POST', '/proxies', { upstream: 'a:1' })).toMatchObject(
      error(400, 'missing required field: name'),
    );
    expect(await api.call('POST', '/proxies', { name: 'a' })).toMatchObject(
      error(400, 'missing required field: upstream'),
    );
    await api.call('POST', '/proxies', proxy);
    expect(await api.call('POST', '/proxies', proxy)).toMatchObject(error(409, 'proxy already exists'));
    expect(await api.call('GET', '/proxies/none')).toMatchObject(error(404, 'proxy not found'));
    expect(await api.call('DELETE', '/proxies/none')).toMatchObject(error(404, 'proxy not found'));
    const { listen } = (await api.call('GET', '/proxies/redis')).json as { listen: string };
    expect(await api.call('POST', '/proxies', { ...proxy, name: 'second', listen })).toMatchObject(
      error(500, `listen tcp ${listen}: bind: address already in use`),
    );
    expect((await api.call('GET', '/proxies/second')).status).toBe(404);
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
    expect(await api.call('POST', '/proxies', { ...proxy, toxics })).toMatchObject({
      status: 201,
      json: { toxics: [{ name: 'latency_downstream', attributes: { latency: 5, jitter: 0 } }] },
    });
    expect(await api.call('POST', '/proxies', { ...proxy, name: 'b', toxics: [{ type: 'none' }] })).toMatchObject(
      error(400, 'invalid toxic type'),
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

  test('may have names that need escaping', async () => {
    await using api = await Api.open();
    await api.call('POST', '/proxies', { ...proxy, name: 'a/b c:1' });
    expect((await api.call('GET', `/proxies/${encodeURIComponent('a/b c:1')}`)).status).toBe(200);
  });
});

describe('toxics', () => {
  test('are put on, listed in order of execution, changed and taken away', async () => {
    await using api = await Api.open();
    await api.call('POST', '/proxies', proxy);
    const down = await api.call('POST', '/proxies/redis/toxics', { type: 'latency', attributes: { latency: 7 } });
    expect(down).toMatchObject({ status: 200 });
    expect(down.text).toBe(
      '{"attributes":{"latency":7,"jitter":0},"name":"latency_downstream","type":"latency","stream":"downstream","toxicity":1}',
    );
    await api.call('POST', '/proxies/redis/toxics', {
      name: 'up',
      type: 'bandwidth',
      stream: 'UpStream',
      toxicity: 0.5,
    });
    expect((await api.call('GET', '/proxies/redis/toxics')).json).toMatchObject([
      { name: 'up', stream: 'UpStream', toxicity: 0.5, attributes: { rate: 0 } },
      { name: 'latency_downstream' },
    ]);
    const changed = await api.call('PATCH', '/proxies/redis/toxics/latency_downstream', {
      attributes: { jitter: 3 },
      name: 'no',
    });
    expect(changed).toMatchObject({
      status: 200,
      json: { name: 'latency_downstream', attributes: { latency: 7, jitter: 3 } },
    });
    expect(await api.call('POST', '/proxies/redis/toxics/up', { toxicity: 1 })).toMatchObject({
      json: { toxicity: 1 },
    });
    expect(await api.call('DELETE', '/proxies/redis/toxics/up')).toMatchObject({ status: 204, text: '' });
    expect(await api.call('GET', '/proxies/redis/toxics/up')).toMatchObject(error(404, 'toxic not found'));
  });

  test.for([
    [{ type: 'latency', stream: 'sideways' }, 'stream was invalid, can be either upstream or downstream'],
    [{ type: 'latency', stream: '' }, 'stream was invalid, can be either upstream or downstream'],
    [{ type: 'down' }, 'invalid toxic type'],
    [
      { type: 'latency', attributes: { latency: '100' } },
      'bad request body: json: cannot unmarshal string into Go struct field LatencyToxic.attributes.latency of type int64',
    ],
    [
      { type: 'latency', attributes: { latency: 1.5 } },
      'bad request body: json: cannot unmarshal number 1.5 into Go struct field LatencyToxic.attributes.latency of type int64',
    ],
    [
      { type: 'latency', attributes: { lateny: 1 } },
      'bad request body: unknown attribute "lateny"; LatencyToxic has latency, jitter, connections',
    ],
    [
      { type: 'bandwidth', attributes: { rate: -1 } },
      'bad request body: BandwidthToxic.attributes.rate must be from 0 to 100000000, got -1',
    ],
    [{ type: 'slicer' }, 'bad request body: SlicerToxic.attributes.average_size must be at least 1'],
    [{ type: 'fragment' }, 'bad request body: fragment needs exactly one of sizes, every and offsets'],
    [{ type: 'noop', toxicity: 7 }, 'bad request body: Toxic.toxicity must be from 0 to 1, got 7'],
  ] as const)('are refused when they make no sense: %j', async ([toxic, message]) => {
    await using api = await Api.open();
    await api.call('POST', '/proxies', proxy);
    expect(await api.call('POST', '/proxies/redis/toxics', toxic)).toMatchObject(error(400, message));
    expect((await api.call('GET', '/proxies/redis/toxics')).json).toEqual([]);
  });

  test('act on open connections as soon as a change of them is answered', async () => {
    await using api = await Api.open();
    const { client, server } = await api.rig.pair();
    const path = '/proxies/proxy-1/toxics';
    await api.call('POST', path, { name: 'a', type: 'latency', attributes: { latency: 60_000 } });
    server.socket.write('kept');
    await api.rig.until('effect', { effect: 'held' });
    await api.call('PATCH', `${path}/a`, { attributes: { latency: 0 } });
    expect(api.rig.told('wrote', { direction: 'downstream' }).length).toBe(1);
    await client.has(4);
  });

  test('that exist are not put on twice, in whatever direction', async () => {
    await using api = await Api.open();
    await api.call('POST', '/proxies', proxy);
    await api.call('POST', '/proxies/redis/toxics', { name: 'a', type: 'noop' });
    expect(
      await api.call('POST', '/proxies/redis/toxics', { name: 'a', type: 'noop', stream: 'upstream' }),
    ).toMatchObject(error(409, 'toxic already exists'));
  });

  test('are changed whole or not at all', async () => {
    await using api = await Api.open();
    await api.call('POST', '/proxies', proxy);
    await api.call('POST', '/proxies/redis/toxics', {
      name: 'a',
      type: 'latency',
      attributes: { latency: 1, jitter: 1 },
    });
    const bad = { attributes: { latency: 9, jitter: 'x' }, toxicity: 0.5 };
    expect((await api.call('PATCH', '/proxies/redis/toxics/a', bad)).status).toBe(400);
    expect((await api.call('GET', '/proxies/redis/toxics/a')).json).toMatchObject({
      toxicity: 1,
      attributes: { latency: 1, jitter: 1 },
    });
  });
});

describe('populate and reset', () => {
  test('make, keep and replace proxies', async () => {
    await using api = await Api.open();
    expect(await api.call('POST', '/populate', [])).toMatchObject({ status: 201, json: { proxies: [] } });
    const first = await api.call('POST', '/populate', [proxy, { ...proxy, name: 'two', enabled: false }]);
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
    await api.call('POST', '/populate', [{ ...proxy, listen, enabled: false }]);
    expect((await api.call('GET', '/proxies/redis')).json).toMatchObject({ enabled: true, toxics: [{ type: 'noop' }] });
    await api.call('POST', '/populate', [{ ...proxy, listen, upstream: 'elsewhere:1' }]);
    expect((await api.call('GET', '/proxies/redis')).json).toMatchObject({
      listen,
      upstream: 'elsewhere:1',
      toxics: [],
    });
  });

  test('name the entry that is wrong before anything is made', async () => {
    await using api = await Api.open();
    expect(await api.call('POST', '/populate', [proxy, { name: 'two' }])).toMatchObject(
      error(400, 'missing required field: upstream at proxy 2'),
    );
    expect((await api.call('GET', '/proxies')).json).toEqual({});
  });

  test('tell what was made when one cannot listen', async () => {
    await using api = await Api.open();
    const two = { ...proxy, name: 'two', listen: '192.0.2.1:1' };
    const answer = await api.call('POST', '/populate', [proxy, two]);
    expect(answer).toMatchObject({ status: 500, json: { status: 500, proxies: [{ name: 'redis' }] } });
    expect(answer.json).toMatchObject({ error: 'listen tcp 192.0.2.1:1: bind: cannot assign requested address' });
  });

  test('start everything and take all toxics away', async () => {
    await using api = await Api.open();
    await api.call('POST', '/proxies', { ...proxy, enabled: false, toxics: [{ type: 'noop' }] });
    expect(await api.call('POST', '/reset')).toMatchObject({ status: 204, text: '' });
    expect((await api.call('GET', '/proxies/redis')).json).toMatchObject({ enabled: true, toxics: [] });
  });
});

test('a reset tries every proxy, though one cannot listen', async () => {
  await using api = await Api.open();
  await api.call('POST', '/proxies', {
    ...proxy,
    name: 'blocked',
    listen: '192.0.2.1:1',
    enabled: false,
    toxics: [{ type: 'noop' }],
  });
  await api.call('POST', '/proxies', { ...proxy, enabled: false });
  const answer = await api.call('POST', '/reset');
  expect(answer).toMatchObject(error(500, 'listen tcp 192.0.2.1:1: bind: cannot assign requested address'));
  expect((await api.call('GET', '/proxies')).json).toMatchObject({ blocked: { toxics: [] }, redis: { enabled: true } });
});

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

  test('take toxics of their own: one is reset, now, the other lives', async () => {
    await using api = await Api.open();
    const { proxy: made, upstream, client } = await api.rig.pair();
    const other = await api.rig.client(made);
    await upstream.next();
    const path = '/proxies/proxy-1/connections/2/toxics';
    expect(await api.call('POST', path, { type: 'reset', attributes: { bytes: 0 } })).toMatchObject({ status: 200 });
    expect(await other.end()).toBe('reset');
    expect(client.ending).toBeUndefined();
    expect(await api.call('POST', path, { type: 'noop' })).toMatchObject(error(404, 'connection not found'));
    const first = '/proxies/proxy-1/connections/1/toxics';
    await api.call('POST', first, { name: 'a', type: 'noop' });
    expect(await api.call('DELETE', `${first}/a`)).toMatchObject({ status: 204 });
    expect(await api.call('DELETE', `${first}/a`)).toMatchObject(error(404, 'toxic not found'));
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
});

describe('events', () => {
  const read = async (
    api: Api,
    path: string,
    headers: Record<string, string>,
    count: number,
  ): Promise<Record<string, unknown>[]> => {
    const abort = new AbortController();
    const response = await fetch(`http://127.0.0.1:${api.port}${path}`, { headers, signal: abort.signal });
    const found: Record<string, unknown>[] = [];
    let text = '';
    for await (const part of response.body ?? []) {
      text += Buffer.from(part as Uint8Array).toString();
      found.splice(
        0,
        Infinity,
        ...[...text.matchAll(/^data: (.*)\n/gm)].map((match) => JSON.parse(match[1] ?? '') as Record<string, unknown>),
      );
      if (found.length >= count) break;
    }
    abort.abort();
    return found;
  };

  test('are told as they happen, and again from a given one on', async () => {
    await using api = await Api.open();
    const { client, server } = await api.rig.pair();
    const live = read(api, '/events', {}, 1);
    client.socket.write('abc');
    await server.has(3);
    const all = await read(api, '/events?proxy=proxy-1', { 'Last-Event-ID': '0' }, 5);
    expect(all.map(({ seq, kind }) => [seq, kind])).toEqual([
      [1, 'listening'],
      [2, 'accepted'],
      [3, 'dialed'],
      [4, 'read'],
      [5, 'wrote'],
    ]);
    const later = await read(api, '/events', { 'Last-Event-ID': '4' }, 1);
    expect(later).toMatchObject([{ seq: 5, kind: 'wrote', direction: 'upstream', offset: 0, bytes: 3 }]);
    client.socket.end();
    expect((await live).length).toBeGreaterThanOrEqual(1);
  });

  test('that were forgotten, or that a slow listener missed, are counted', async () => {
    await using api = await Api.open();
    const { journal } = api.rig;
    const socket = connect(api.port, '127.0.0.1');
    socket.write('GET /events HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    socket.pause();
    const source = { proxy: 'p', conn: 1 };
    const count = 40_000;
    // More than the kernel's buffers and the listener's queue take.
    for (let index = 0; index < count; index += 1) {
      journal.record(source, 'dial-failed', { code: 'other', message: 'x'.repeat(1000) });
      if (index % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    let tail = '';
    const dropped = await new Promise<string>((resolve) => {
      socket.on('data', (part) => {
        tail = (tail + part.toString()).slice(-100_000);
        const found = /data: (.*"kind":"dropped".*)\n/.exec(tail)?.[1];
        if (found !== undefined) resolve(found);
      });
      socket.resume();
    });
    socket.destroy();
    const lost = (JSON.parse(dropped) as { count: number }).count;
    expect(lost).toBeGreaterThan(1000);
    expect(lost).toBeLessThan(count);
    const [first] = await read(api, '/events', { 'Last-Event-ID': '0' }, 1);
    expect(first).toMatchObject({ kind: 'dropped', count: count - 16_384 });
  });
});
