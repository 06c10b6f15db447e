import { describe, expect, test } from 'vitest';

import { Api, PROXY, refusal } from './api-rig.ts';

describe('toxics', () => {
  test('are put on, listed in order of execution, changed and taken away', async () => {
    await using api = await Api.open();
    await api.call('POST', '/proxies', PROXY);
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
    expect(await api.call('GET', '/proxies/redis/toxics/up')).toMatchObject(refusal(404, 'toxic not found'));
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
      'bad request body: BandwidthToxic.attributes.rate must be from 0 to 9007199254740991, got -1',
    ],
    [{ type: 'slicer' }, 'bad request body: SlicerToxic.attributes.average_size must be at least 1'],
    [{ type: 'fragment' }, 'bad request body: fragment needs exactly one of sizes, every and offsets'],
    [
      { type: 'reset', attributes: { at: { framing: 'prefix32', message: 1, part: 'header', byte: 4 } } },
      'bad request body: reset.attributes.at.byte must be from 0 to 3, got 4',
    ],
    [
      { type: 'fin', attributes: { at: { framing: 'fixed', messageBytes: 8, message: 1, part: 'payload', byte: 8 } } },
      'bad request body: fin.attributes.at.byte must be from 0 to 7, got 8',
    ],
    [
      { type: 'reset', attributes: { bytes: 5, at: { framing: 'delimited', message: 1 } } },
      'bad request body: reset.attributes has bytes and at; only one of them can be',
    ],
    [{ type: 'noop', toxicity: 7 }, 'bad request body: Toxic.toxicity must be from 0 to 1, got 7'],
  ] as const)('are refused when they make no sense: %j', async ([toxic, message]) => {
    await using api = await Api.open();
    await api.call('POST', '/proxies', PROXY);
    expect(await api.call('POST', '/proxies/redis/toxics', toxic)).toMatchObject(refusal(400, message));
    expect((await api.call('GET', '/proxies/redis/toxics')).json).toEqual([]);
  });

  test('are placed by bytes or in a message, whichever was said last', async () => {
    await using api = await Api.open();
    await api.call('POST', '/proxies', PROXY);
    const at = { framing: 'delimited', message: 2, part: 'header', byte: 0, messageBytes: 0 };
    const reset = { name: 'r', type: 'reset', attributes: { bytes: 5 } };
    expect((await api.call('POST', '/proxies/redis/toxics', reset)).json).toMatchObject({ attributes: { bytes: 5 } });
    const change = async (attributes: object) =>
      ((await api.call('PATCH', '/proxies/redis/toxics/r', { attributes })).json as { attributes: object }).attributes;
    expect(await change({ at })).toEqual({ at });
    expect(await change({ bytes: 7 })).toEqual({ bytes: 7 });
    expect(await change({ at })).toEqual({ at });
    // As if it had never been given.
    expect(await change({ at: null })).toEqual({ bytes: 0 });
  });

  const at = { framing: 'prefix32', message: 2, part: 'payload', byte: 1, messageBytes: 0 };
  const connections = { modulo: [2, 1] };
  test.for([
    ...['reset', 'fin', 'hold', 'swallow', 'stall'].map((type) => [type, { at, connections }] as const),
    ['corrupt', { at, xor: 3 }],
    ['coalesce', { at, bytes: 5, wait: 2 }],
    ['fragment', { at, sizes: [1, 2], gap: 0.5 }],
    ['reset', { bytes: 5, patience: 100 }],
    ['fragment', { every: 3, gap: 0, from: 7 }],
    ['latency', { latency: 3, jitter: 1, connections }],
  ] as const)('can be sent back as they were answered, and stay so: %s %j', async ([type, attributes]) => {
    await using api = await Api.open();
    await api.call('POST', '/proxies', PROXY);
    const made = await api.call('POST', '/proxies/redis/toxics', { name: 't', type, attributes });
    expect(made).toMatchObject({ status: 200, json: { attributes } });
    const again = await api.call('PATCH', '/proxies/redis/toxics/t', made.json);
    expect(again).toMatchObject({ status: 200, text: made.text });
    await api.call('DELETE', '/proxies/redis/toxics/t');
    expect(await api.call('POST', '/proxies/redis/toxics', made.json)).toMatchObject({ status: 200, text: made.text });
  });

  test('lose what may be left out of them by null, and keep what may not', async () => {
    await using api = await Api.open();
    await api.call('POST', '/proxies', PROXY);
    const changed = async (type: string, attributes: object, change: object): Promise<object> => {
      await api.call('POST', '/proxies/redis/toxics', { name: type, type, attributes });
      const { json } = await api.call('PATCH', `/proxies/redis/toxics/${type}`, { attributes: change });
      return (json as { attributes: object }).attributes;
    };
    expect(await changed('fragment', { every: 5 }, { every: null, sizes: [1, 2] })).toEqual({
      sizes: [1, 2],
      gap: 0,
      from: 0,
    });
    expect(await changed('noop', { connections }, { connections: null })).toEqual({});
    expect(await changed('reset', { bytes: 5, patience: 9 }, { bytes: null, patience: null })).toEqual({ bytes: 5 });
    expect(await changed('latency', { latency: 5 }, { latency: null })).toEqual({ latency: 5, jitter: 0 });
  });

  test.for([
    ['bandwidth', { rate: 2 ** 31 - 1 }],
    ['latency', { latency: 2 ** 31 - 1, jitter: 2 ** 31 - 1 }],
    ['timeout', { timeout: 2 ** 31 - 1 }],
    ['slow_close', { delay: Number.MAX_SAFE_INTEGER }],
    ['reset_peer', { timeout: Number.MAX_SAFE_INTEGER }],
    ['slicer', { average_size: 1, size_variation: 0, delay: Number.MAX_SAFE_INTEGER }],
  ] as const)('may have numbers as large as Toxiproxy takes, and work with them: %s', async ([type, attributes]) => {
    await using api = await Api.open();
    const { client, server } = await api.rig.pair();
    expect(await api.call('POST', '/proxies/proxy-1/toxics', { name: 'large', type, attributes })).toMatchObject({
      status: 200,
      json: { attributes },
    });
    server.socket.write('bytes');
    if (type === 'bandwidth' || type === 'slow_close') await client.has(5);
    else if (type === 'slicer') await client.has(1);
    else await api.rig.until('effect', { toxic: 'large' });
    expect(client.ending).toBeUndefined();
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
    await api.call('POST', '/proxies', PROXY);
    await api.call('POST', '/proxies/redis/toxics', { name: 'a', type: 'noop' });
    expect(
      await api.call('POST', '/proxies/redis/toxics', { name: 'a', type: 'noop', stream: 'upstream' }),
    ).toMatchObject(refusal(409, 'toxic already exists'));
  });

  test('are changed whole or not at all', async () => {
    await using api = await Api.open();
    await api.call('POST', '/proxies', PROXY);
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
