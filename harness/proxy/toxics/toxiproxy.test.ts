import { createHash, randomBytes } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import type { WireProxy } from '../proxies/wire-proxy.ts';
import { Rig, type Told } from '../rig.ts';
import { sliceEnds } from './slicer.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const toxic = (type: string, attributes: object, more: object = {}): object => ({
  name: 'f0',
  type,
  stream: 'downstream',
  attributes,
  ...more,
});
const betweenMs = (one: Told | undefined, other: Told | undefined): number =>
  ((other?.at ?? 0) - (one?.at ?? 0)) / 1000;

describe('latency', () => {
  test('delays bytes and the end by the asked time, never less', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('latency', { latency: 80 })]);
    server.socket.end('late');
    expect(await client.end()).toBe('fin');
    expect(client.received.toString()).toBe('late');
    const delay = betweenMs(rig.told('read')[0], rig.told('wrote')[0]);
    expect(delay).toBeGreaterThanOrEqual(79.9);
    expect(delay).toBeLessThan(5000);
    const end = betweenMs(rig.told('fin-read')[0], rig.told('fin-wrote')[0]);
    expect(end).toBeGreaterThanOrEqual(79.9);
    const [held, delayed] = rig.told('effect');
    expect(held).toMatchObject({ effect: 'held', offset: 0, bytes: 4 });
    expect(delayed).toMatchObject({ effect: 'delayed', offset: 0, bytes: 4 });
    expect(Number(delayed?.['delayMs'])).toBeGreaterThanOrEqual(80);
  });

  test('delays one direction only', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('latency', { latency: 60_000 })]);
    client.socket.write('prompt');
    await server.has(6);
    expect(rig.told('effect')).toEqual([]);
  });

  test('adds up with another', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([
      toxic('latency', { latency: 40 }),
      toxic('latency', { latency: 50 }, { name: 'f1' }),
    ]);
    server.socket.write('late');
    await client.has(4);
    expect(betweenMs(rig.told('read')[0], rig.told('wrote')[0])).toBeGreaterThanOrEqual(89.9);
  });

  test('with jitter varies around the asked time', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('latency', { latency: 20, jitter: 15 })]);
    for (let index = 0; index < 20; index += 1) {
      server.socket.write(String.fromCharCode(65 + index));
      await rig.until('wrote', { offset: index });
    }
    await client.has(20);
    expect(client.received.toString()).toBe('ABCDEFGHIJKLMNOPQRST');
    const delays = rig.told('effect', { effect: 'delayed' }).map((event) => Number(event['delayMs']));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(2);
  });

  test('changed, keeps what it holds for as long as it says now', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('latency', { latency: 60_000 })]);
    server.socket.write('late');
    await rig.until('read', { bytes: 4 });
    rig.update(proxy, 'f0', { latency: { latency: 120 } });
    await client.has(4);
    expect(betweenMs(rig.told('read')[0], rig.told('wrote')[0])).toBeGreaterThanOrEqual(119.9);
  });

  test('changed to nothing or taken away, lets go what it kept', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('latency', { latency: 60_000 })]);
    server.socket.write('first');
    await rig.until('read', { bytes: 5 });
    const [live] = proxy.toxics('downstream');
    if (live !== undefined) live.attributes = { latency: 0, jitter: 0 };
    proxy.setToxics('downstream', proxy.toxics('downstream'));
    await client.has(5);
    if (live !== undefined) live.attributes = { latency: 60_000, jitter: 0 };
    server.socket.write('second');
    await rig.until('read', { bytes: 6 });
    rig.remove(proxy, 'f0');
    await client.has(11);
    expect(client.received.toString()).toBe('firstsecond');
  });
});

describe('bandwidth', () => {
  test('lets no more through than its rate', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('bandwidth', { rate: 200 })]);
    const bytes = randomBytes(100_000);
    server.socket.end(bytes);
    await client.end();
    expect(sha256(client.received)).toBe(sha256(bytes));
    const writes = rig.told('wrote');
    const tookMs = betweenMs(rig.told('read')[0], writes.at(-1));
    expect(tookMs).toBeGreaterThanOrEqual(499);
    expect(tookMs).toBeLessThan(10_000);
  });

  test('counts a new rate from when it was set, however long bytes have waited', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('bandwidth', { rate: 0 })]);
    server.socket.write(randomBytes(20_000));
    await rig.until('effect', { effect: 'stalled' });
    // Long enough that the new rate would have carried everything.
    await new Promise((resolve) => setTimeout(resolve, 150));
    const changedUs = Number(process.hrtime.bigint() / 1000n);
    rig.update(proxy, 'f0', { bandwidth: { rate: 200 } });
    await client.has(20_000);
    expect(((rig.told('wrote').at(-1)?.at ?? 0) - changedUs) / 1000).toBeGreaterThanOrEqual(99);
  });

  test('at rate 0 stalls without loss, and goes on when the rate changes', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('bandwidth', { rate: 0 })]);
    server.socket.write('kept');
    await rig.until('effect', { effect: 'stalled' });
    client.socket.write('the other way is free');
    await server.has(21);
    expect(client.receivedBytes).toBe(0);
    const [live] = proxy.toxics('downstream');
    if (live !== undefined) live.attributes = { rate: 1000 };
    proxy.setToxics('downstream', proxy.toxics('downstream'));
    await client.has(4);
    expect(client.received.toString()).toBe('kept');
  });
});

describe('slow_close', () => {
  test('delays the end, not the bytes', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('slow_close', { delay: 120 })]);
    server.socket.end('now');
    await client.has(3);
    expect(client.ending).toBeUndefined();
    await client.end();
    expect(betweenMs(rig.told('fin-read')[0], rig.told('fin-wrote')[0])).toBeGreaterThanOrEqual(119.9);
    expect(betweenMs(rig.told('wrote')[0], rig.told('fin-wrote')[0])).toBeGreaterThan(60);
  });

  test('taken away, lets the end go at once', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('slow_close', { delay: 60_000 })]);
    server.socket.end();
    await rig.until('fin-read');
    rig.remove(proxy, 'f0');
    expect(await client.end()).toBe('fin');
  });
});

describe('timeout', () => {
  test('swallows bytes and closes after its time, though bytes keep coming', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('timeout', { timeout: 150 })]);
    const ticking = setInterval(() => server.socket.write('tick'), 20);
    try {
      expect(await client.end()).toBe('fin');
    } finally {
      clearInterval(ticking);
    }
    expect(client.receivedBytes).toBe(0);
    const tookMs = betweenMs(rig.told('dialed')[0], rig.told('fin-wrote', { direction: 'downstream' })[0]);
    expect(tookMs).toBeGreaterThanOrEqual(149.9);
    expect(rig.told('effect', { effect: 'swallowed' }).length).toBeGreaterThan(1);
  });

  test('of 0 never closes, and closes both sides when it is taken away', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('timeout', { timeout: 0 })]);
    server.socket.write('lost');
    await rig.until('effect', { effect: 'swallowed' });
    rig.remove(proxy, 'f0');
    expect(await client.end()).toBe('fin');
    expect(await server.end()).toBe('fin');
    expect(client.receivedBytes).toBe(0);
  });
});

test('a timeout that is not for a connection leaves it alone, also when it is taken away', async () => {
  await using rig = new Rig();
  const { proxy, client, server } = await rig.pair([toxic('timeout', { timeout: 0 }, { toxicity: 0 })]);
  rig.remove(proxy, 'f0');
  server.socket.end('whole');
  expect(await client.end()).toBe('fin');
  expect(client.received.toString()).toBe('whole');
  expect(rig.told('closed')).toEqual([]);
});

describe('slicer', () => {
  test('cuts into slices about as long as asked, with the delay between', async () => {
    await using rig = new Rig();
    const attributes = { average_size: 100, size_variation: 20, delay: 3000 };
    const { client, server } = await rig.pair([toxic('slicer', attributes)]);
    const bytes = randomBytes(2000);
    server.socket.end(bytes);
    await client.end();
    expect(sha256(client.received)).toBe(sha256(bytes));
    const sizes = rig.told('wrote').map((event) => Number(event['bytes']));
    expect(sizes.length).toBeGreaterThan(16);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(120);
    expect(betweenMs(rig.told('wrote')[0], rig.told('wrote').at(-1))).toBeGreaterThanOrEqual((sizes.length - 1) * 2.9);
  });

  test('cuts the same bytes the same way for the same draws', () => {
    const cut = (): number[] => [
      ...sliceEnds({ length: 5000, offset: 0 }, { average_size: 100, size_variation: 50 }, () => 0.3),
    ];
    expect(cut()).toEqual(cut());
    expect(cut().length).toBeGreaterThan(30);
    expect(cut().at(-1)).toBe(5000);
  });
});

describe('limit_data', () => {
  test('passes exactly so many bytes, then closes both sides', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('limit_data', { bytes: 1000 })]);
    const bytes = randomBytes(5000);
    server.socket.write(bytes);
    expect(await client.end()).toBe('fin');
    expect(sha256(client.received)).toBe(sha256(bytes.subarray(0, 1000)));
    await server.end();
    expect(rig.told('effect', { effect: 'ended' })).toMatchObject([{ offset: 1000 }]);
  });

  test('gives all before its end to a receiver that reads nothing for seconds', async () => {
    await using rig = new Rig();
    // More than the kernel takes for a receiver that does not read: 4 MB, as measured.
    const limit = 12_000_000;
    const { client, server } = await rig.pair([
      toxic('limit_data', { bytes: limit }),
      toxic('fragment', { every: 4000 }, { name: 'small' }),
    ]);
    client.socket.pause();
    const bytes = randomBytes(limit + 1000);
    server.socket.write(bytes);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(rig.told('fin-wrote')).toEqual([]);
    client.socket.resume();
    expect(await client.end()).toBe('fin');
    expect(sha256(client.received)).toBe(sha256(bytes.subarray(0, limit)));
    await server.end();
    await rig.until('closed');
    expect(rig.told('fin-wrote', { direction: 'downstream' })).toMatchObject([{ offset: limit }]);
    expect(rig.told('rst-read')).toEqual([]);
  });

  test('counts from when it was put on the connection', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair();
    server.socket.write('before');
    await client.has(6);
    rig.add(proxy, toxic('limit_data', { bytes: 3 }));
    server.socket.write('afterwards');
    expect(await client.end()).toBe('fin');
    expect(client.received.toString()).toBe('beforeaft');
  });

  test('of 0 closes at the first byte, not at connect', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('limit_data', { bytes: 0 })]);
    client.socket.write('hello');
    await server.has(5);
    expect(client.ending).toBeUndefined();
    server.socket.write('x');
    expect(await client.end()).toBe('fin');
    expect(client.receivedBytes).toBe(0);
  });
});

describe('reset_peer', () => {
  test('resets both sides of an idle connection after its time', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair();
    client.socket.write('a');
    await server.has(1);
    rig.add(proxy, toxic('reset_peer', { timeout: 60 }));
    const added = rig.events.length;
    expect(await client.end()).toBe('reset');
    expect(await server.end()).toBe('reset');
    expect(rig.events.slice(added).map(({ kind }) => kind)).toEqual(['rst-wrote', 'rst-wrote', 'effect', 'closed']);
  });

  test.for([
    ['bytes', 'is taken away', (rig: Rig, proxy: WireProxy) => rig.remove(proxy, 'f0')],
    ['an end', 'is taken away', (rig: Rig, proxy: WireProxy) => rig.remove(proxy, 'f0')],
    [
      'bytes',
      'is for others',
      (rig: Rig, proxy: WireProxy) => rig.update(proxy, 'f0', { reset_peer: { connections: { order: [2] } } }),
    ],
  ] as const)('that has lost %s resets both sides when it %s before its time', async ([lost, , lift]) => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair();
    server.socket.write('before');
    await client.has(6);
    rig.add(proxy, toxic('reset_peer', { timeout: 60_000 }));
    if (lost === 'an end') server.socket.end();
    else server.socket.write('lost');
    await rig.until('effect', { effect: 'swallowed' });
    lift(rig, proxy);
    if (lost === 'bytes') server.socket.write('after');
    expect(await client.end()).toBe('reset');
    expect(await server.end()).toBe('reset');
    expect(client.received.toString()).toBe('before');
    const [effect] = rig.told('effect', { effect: 'reset' });
    expect(effect?.['detail']).toMatch(/^the toxic was removed; /);
  });

  test('that has lost nothing is lifted before its time as if it had not been', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('reset_peer', { timeout: 60_000 })]);
    rig.remove(proxy, 'f0');
    server.socket.end('whole');
    expect(await client.end()).toBe('fin');
    expect(client.received.toString()).toBe('whole');
  });

  test('at toxicity 0 does nothing to any connection', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('reset_peer', { timeout: 0 }, { toxicity: 0 })]);
    server.socket.end('whole');
    expect(await client.end()).toBe('fin');
    expect(client.received.toString()).toBe('whole');
  });
});

describe('several toxics', () => {
  test('work in the order they were put on, and adding and removing them loses no byte', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('noop', {})]);
    const bytes = randomBytes(8 * 1024 * 1024);
    server.socket.end(bytes);
    const kinds = [
      ['latency', { latency: 3, jitter: 2 }],
      ['slicer', { average_size: 20_000, size_variation: 5000 }],
      ['bandwidth', { rate: 50_000 }],
      ['fragment', { every: 30_000 }],
      ['coalesce', { bytes: 40_000, wait: 2 }],
      ['stall', { bytes: 0 }],
      ['hold', { bytes: 0 }],
    ] as const;
    for (let round = 0; client.ending === undefined; round += 1) {
      const [type, attributes] = kinds[round % kinds.length] ?? ['noop', {}];
      rig.add(proxy, toxic(type, attributes, { name: `n${round}` }));
      await new Promise((resolve) => setTimeout(resolve, 2));
      rig.remove(proxy, `n${round - 2}`);
      if (type === 'stall' || type === 'hold') rig.remove(proxy, `n${round}`);
    }
    expect(client.ending).toBe('fin');
    expect(sha256(client.received)).toBe(sha256(bytes));
  });
});
