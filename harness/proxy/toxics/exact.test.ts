import { createHash, randomBytes } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { Rig } from '../rig.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const toxic = (type: string, attributes: object, more: object = {}): object => ({
  name: 'f0',
  type,
  stream: 'upstream',
  attributes,
  ...more,
});

describe('fragment', () => {
  test.for([
    ['sizes', { sizes: [1, 1, 2, 5], gap: 15 }, [1, 1, 2, 5, 11]],
    ['every', { every: 8, gap: 15 }, [8, 8, 4]],
    ['offsets', { offsets: [3, 19], gap: 15 }, [3, 16, 1]],
  ] as const)(
    'cuts by %s, with the gap between the pieces, so that the receiver reads them one by one',
    async ([, attributes, pieces]) => {
      await using rig = new Rig();
      const { client, server } = await rig.pair([toxic('fragment', attributes)]);
      client.socket.write('twenty bytes of text');
      await server.has(20);
      expect(server.received.toString()).toBe('twenty bytes of text');
      expect(rig.told('wrote').map((event) => event['bytes'])).toEqual(pieces);
      // A starved receiver may find two pieces at once, never all of them: the gaps were there.
      expect(server.reads.length).toBeGreaterThan(1);
      const cuts = rig.told('effect', { effect: 'cut' });
      for (const [before, after] of cuts.slice(1).entries()) {
        expect(after.at - (cuts[before]?.at ?? 0)).toBeGreaterThanOrEqual(14_900);
      }
      expect(cuts.length).toBeGreaterThanOrEqual(pieces.length - 1);
    },
  );

  test('counts offsets from the start of the connection, also when it is added later', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair();
    client.socket.write('0123456789');
    await server.has(10);
    rig.add(proxy, toxic('fragment', { offsets: [13], gap: 15 }));
    client.socket.write('abcdefghij');
    await server.has(20);
    expect(rig.told('wrote').map((event) => event['bytes'])).toEqual([10, 3, 7]);
  });
});

test.for([
  ['fragment', { every: 2, from: 5, gap: 1 }, [5, 2, 2, 1]],
  ['fragment', { sizes: [1, 2], from: 5, gap: 1 }, [5, 1, 2, 2]],
  ['fragment', { offsets: [3], from: 5, gap: 1 }, [5, 3, 2]],
  ['coalesce', { bytes: 3, from: 4 }, [4, 3, 3]],
] as const)('a %s begins to act at its byte: %j', async ([type, attributes, pieces]) => {
  await using rig = new Rig();
  const { client, server } = await rig.pair([toxic(type, attributes)]);
  client.socket.write('0123456789');
  await server.has(10);
  expect(server.received.toString()).toBe('0123456789');
  expect(rig.told('wrote').map((event) => event['bytes'])).toEqual(pieces);
});

describe('coalesce', () => {
  test('joins small writes into one when enough are together', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('coalesce', { bytes: 6, wait: 60_000 })]);
    for (const part of ['ab', 'cd', 'ef']) {
      const { length } = rig.told('read');
      client.socket.write(part);
      while (rig.told('read').length === length) await new Promise((resolve) => setImmediate(resolve));
    }
    await server.has(6);
    expect(server.reads).toEqual([6]);
    expect(rig.told('effect')).toMatchObject([{ effect: 'joined', offset: 0, bytes: 6 }]);
  });

  test('lets an incomplete gathering go after the wait, and not before', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('coalesce', { bytes: 6, wait: 80 })]);
    client.socket.write('abc');
    await server.has(3);
    const [read] = rig.told('read');
    const [wrote] = rig.told('wrote');
    expect((wrote?.at ?? 0) - (read?.at ?? 0)).toBeGreaterThanOrEqual(79_900);
  });

  test('lets an incomplete gathering go when the stream ends', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('coalesce', { bytes: 6, wait: 60_000 })]);
    client.socket.end('abc');
    expect(await server.end()).toBe('fin');
    expect(server.received.toString()).toBe('abc');
  });
});

describe('reset', () => {
  test.for([1, 5, 1000, 1_000_000, 4_194_304])(
    'gives the receiver exactly %d bytes and then a reset, and resets the sender',
    async (bytes) => {
      await using rig = new Rig();
      const { client, server } = await rig.pair([toxic('reset', { bytes })]);
      const sent = randomBytes(bytes + 70_000);
      client.socket.write(sent);
      expect(await server.end()).toBe('reset');
      expect(await client.end()).toBe('reset');
      expect(sha256(server.received)).toBe(sha256(sent.subarray(0, bytes)));
      expect(rig.told('effect')).toMatchObject([{ effect: 'reset', offset: bytes }]);
      expect(rig.told('effect')[0]?.['detail']).toBe(`the receiver's kernel acknowledged all ${bytes} bytes`);
    },
  );

  test('waits for a receiver that begins to read late, so that it still reads exactly its bytes', async () => {
    await using rig = new Rig();
    const bytes = 4_194_304;
    const { client, server } = await rig.pair([toxic('reset', { bytes })]);
    server.socket.pause();
    const sent = randomBytes(bytes + 70_000);
    client.socket.write(sent);
    // By then most of it waits in the proxy and in both kernels.
    await rig.until('wrote');
    server.socket.resume();
    expect(await server.end()).toBe('reset');
    expect(sha256(server.received)).toBe(sha256(sent.subarray(0, bytes)));
    expect(rig.told('effect')[0]?.['detail']).toBe(`the receiver's kernel acknowledged all ${bytes} bytes`);
  });

  test('with 0 resets at connect, though nothing was sent', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('reset', { bytes: 0 })]);
    expect(await client.end()).toBe('reset');
    expect(await server.end()).toBe('reset');
    expect(rig.told('effect')).toMatchObject([{ effect: 'reset', offset: 0 }]);
  });

  test('added after its byte has passed, resets an idle connection at once', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair();
    client.socket.write('seven b');
    await server.has(7);
    rig.add(proxy, toxic('reset', { bytes: 3 }));
    expect(await client.end()).toBe('reset');
    expect(await server.end()).toBe('reset');
    expect(server.received.toString()).toBe('seven b');
  });

  test('tells how many bytes arrived when the receiver does not take them all', { timeout: 30_000 }, async () => {
    await using rig = new Rig();
    const bytes = 16 * 1024 * 1024;
    const { proxy, client, server } = await rig.pair();
    server.socket.pause();
    client.socket.write(randomBytes(bytes));
    // The receiver's window is full when the proxy has stopped reading.
    let before = -1;
    while (before !== rig.events.length) {
      before = rig.events.length;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    rig.add(proxy, toxic('reset', { bytes: 0 }, { name: 'now' }));
    const effect = await rig.until('effect', { toxic: 'now' });
    const [, acknowledged, all] = /acknowledged (\d+) of (\d+) bytes/.exec(String(effect['detail'])) ?? [];
    expect(Number(acknowledged)).toBeGreaterThan(0);
    expect(Number(acknowledged)).toBeLessThan(Number(all));
  });

  test('leaves connections alone that it is not for', async () => {
    await using rig = new Rig();
    const { proxy, upstream, client } = await rig.pair([toxic('reset', { bytes: 2, connections: { order: [2] } })]);
    const first = await rig.client(proxy);
    const second = await upstream.next();
    first.socket.write('abcd');
    expect(await second.end()).toBe('reset');
    expect(second.received.toString()).toBe('ab');
    client.socket.end('abcd');
    await rig.until('fin-read', { conn: 1, direction: 'upstream' });
    expect(rig.told('effect')).toMatchObject([{ conn: 2 }]);
  });

  test('keeps bytes that were late before the reset that is after them', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([
      toxic('reset', { bytes: 4 }),
      toxic('latency', { latency: 60 }, { name: 'late' }),
    ]);
    client.socket.write('abcdef');
    expect(await server.end()).toBe('reset');
    expect(server.received.toString()).toBe('abcd');
    const [read] = rig.told('read');
    const [reset] = rig.told('rst-wrote', { direction: 'upstream' });
    expect((reset?.at ?? 0) - (read?.at ?? 0)).toBeGreaterThanOrEqual(59_900);
  });
});

describe('fin', () => {
  test('ends one direction after exactly n bytes, loses what follows, and lets the other go on', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('fin', { bytes: 4 })]);
    client.socket.write('abcdef');
    expect(await server.end()).toBe('fin');
    expect(server.received.toString()).toBe('abcd');
    client.socket.write('more');
    server.socket.end('reply');
    expect(await client.end()).toBe('fin');
    expect(client.received.toString()).toBe('reply');
    await rig.until('effect', { effect: 'swallowed', offset: 6 });
    expect(rig.told('effect')).toMatchObject([
      { effect: 'ended', offset: 4 },
      { effect: 'swallowed', offset: 4, bytes: 2 },
      { effect: 'swallowed', offset: 6, bytes: 4 },
    ]);
    client.socket.end();
    await rig.until('closed');
    expect(rig.told('fin-wrote', { direction: 'upstream' })).toMatchObject([{ offset: 4 }]);
  });
});

test('what passes a cut is not overwritten by what is lost after it, though a delay keeps it', async () => {
  await using rig = new Rig();
  const { client, server } = await rig.pair([
    toxic('fin', { bytes: 500_000 }),
    toxic('latency', { latency: 150 }, { name: 'late' }),
  ]);
  const sent = randomBytes(8 * 1024 * 1024);
  client.socket.write(sent);
  expect(await server.end()).toBe('fin');
  expect(sha256(server.received)).toBe(sha256(sent.subarray(0, 500_000)));
});

describe('hold', () => {
  test('keeps bytes and the end until it is lifted, then gives all in order', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('hold', { bytes: 4 })]);
    client.socket.write('abcdef');
    await rig.until('effect', { effect: 'held', offset: 4, bytes: 2 });
    client.socket.end('ghi');
    await rig.until('effect', { effect: 'held', offset: 6, bytes: 3 });
    await rig.until('fin-read');
    await server.has(4);
    expect(server.received.toString()).toBe('abcd');
    expect(server.ending).toBeUndefined();
    rig.remove(proxy, 'f0');
    expect(await server.end()).toBe('fin');
    expect(server.received.toString()).toBe('abcdefghi');
    expect(rig.told('effect', { effect: 'released' })).toMatchObject([{ offset: 4, bytes: 5 }]);
  });

  test('keeps an end that stands at its byte', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('hold', { bytes: 4 })]);
    client.socket.end('abcd');
    await rig.until('effect', { effect: 'held', offset: 4, bytes: 0 });
    await server.has(4);
    expect(rig.told('fin-wrote')).toEqual([]);
    rig.remove(proxy, 'f0');
    expect(await server.end()).toBe('fin');
  });

  test('keeps a bounded number of bytes, then makes the sender wait', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('hold', { bytes: 0 })]);
    const bytes = randomBytes(40 * 1024 * 1024);
    client.socket.write(bytes);
    const readSoFar = (): number => rig.told('read').reduce((sum, event) => sum + Number(event['bytes']), 0);
    let before = -1;
    while (before !== readSoFar() || before < 15 * 1024 * 1024) {
      before = readSoFar();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(before).toBeLessThan(18 * 1024 * 1024);
    rig.remove(proxy, 'f0');
    await server.has(bytes.length);
    expect(sha256(server.received)).toBe(sha256(bytes));
  });
});

describe('swallow', () => {
  test('loses bytes and the end, and resets both sides when it is lifted', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('swallow', { bytes: 4 })]);
    client.socket.end('abcdef');
    await rig.until('effect', { effect: 'swallowed', detail: 'fin' });
    await server.has(4);
    expect(rig.told('effect')).toMatchObject([{ offset: 4, bytes: 2 }, { offset: 6 }]);
    expect(server.received.toString()).toBe('abcd');
    expect(server.ending).toBeUndefined();
    server.socket.write('unanswered');
    await client.has(10);
    rig.remove(proxy, 'f0');
    expect(await server.end()).toBe('reset');
    expect(await client.end()).toBe('reset');
    expect(server.received.toString()).toBe('abcd');
  });

  test('lifted before it lost anything, lets the connection live', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('swallow', { bytes: 4 })]);
    client.socket.write('ab');
    await server.has(2);
    rig.remove(proxy, 'f0');
    client.socket.end('cdef');
    expect(await server.end()).toBe('fin');
    expect(server.received.toString()).toBe('abcdef');
  });

  test('keeps a reset from the receiver too: it sees silence', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('swallow', { bytes: 0 })]);
    client.socket.resetAndDestroy();
    await rig.until('effect', { effect: 'swallowed', detail: 'rst' });
    server.socket.write('anyone?');
    await rig.until('read', { direction: 'downstream' });
    expect(server.ending).toBeUndefined();
    expect(rig.told('closed')).toEqual([]);
  });
});

describe('stall', () => {
  test('stops reading at byte n, and resumes without loss', async () => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([toxic('stall', { bytes: 4 })]);
    const bytes = randomBytes(24 * 1024 * 1024);
    let taken = false;
    client.socket.write(bytes, () => {
      taken = true;
    });
    await server.has(4);
    await rig.until('effect', { effect: 'stalled', offset: 4 });
    server.socket.write('the other way is free');
    await client.has(21);
    const read = rig.told('read', { direction: 'upstream' }).reduce((sum, event) => sum + Number(event['bytes']), 0);
    expect(read).toBeLessThanOrEqual(128 * 1024);
    expect(server.receivedBytes).toBe(4);
    expect(taken).toBe(false);
    rig.remove(proxy, 'f0');
    await server.has(bytes.length);
    expect(sha256(server.received)).toBe(sha256(bytes));
  });
});

describe('corrupt', () => {
  test('flips the bits of one byte and no other', async () => {
    await using rig = new Rig();
    const { client, server } = await rig.pair([toxic('corrupt', { offset: 5, xor: 32 })]);
    client.socket.write('abcd');
    client.socket.end('EFGH');
    await server.end();
    expect(server.received.toString()).toBe('abcdEfGH');
    expect(rig.told('effect')).toMatchObject([{ effect: 'corrupted', offset: 5, bytes: 1 }]);
  });
});

describe('which connections', () => {
  test('by modulo', async () => {
    await using rig = new Rig();
    const { proxy, upstream, client } = await rig.pair([
      toxic('corrupt', { offset: 0, xor: 1, connections: { modulo: [2, 0] } }),
    ]);
    const other = await rig.client(proxy);
    const otherServer = await upstream.next();
    client.socket.end('a');
    other.socket.end('a');
    await otherServer.end();
    expect(otherServer.received.toString()).toBe('`');
    expect(rig.told('effect')).toMatchObject([{ conn: 2 }]);
  });

  test('by the client’s port, on a connection that is open already', async () => {
    await using rig = new Rig();
    const { proxy, upstream, client, server } = await rig.pair();
    const other = await rig.client(proxy);
    const otherServer = await upstream.next();
    const clientPort = other.socket.localPort;
    rig.add(proxy, toxic('reset', { bytes: 0, connections: { clientPort } }));
    expect(await otherServer.end()).toBe('reset');
    client.socket.end('a');
    expect(await server.end()).toBe('fin');
  });

  test('by toxicity, one draw for each connection and toxic that an update does not change', async () => {
    const affected = async (seed: string): Promise<string> => {
      await using rig = new Rig({ seed });
      const upstream = await rig.upstream();
      const proxy = await rig.proxy(upstream.address, [toxic('corrupt', { offset: 0, xor: 1 }, { toxicity: 0.5 })]);
      let pattern = '';
      for (let number = 1; number <= 24; number += 1) {
        const client = await rig.client(proxy);
        const server = await upstream.next();
        const [live] = proxy.toxics('upstream');
        if (live !== undefined) proxy.setToxics('upstream', [live]);
        client.socket.write('a');
        await server.has(1);
        pattern += server.received.toString();
      }
      return pattern;
    };
    const first = await affected('one');
    expect(await affected('one')).toBe(first);
    expect(await affected('two')).not.toBe(first);
    expect(first).toMatch(/a.*`|`.*a/);
  });
});
