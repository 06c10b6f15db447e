import { describe, expect, test } from 'vitest';

import type { WireProxy } from '../proxies/wire-proxy.ts';
import { Rig, toxic } from '../rig.ts';
import { sliceEnds } from './slicer.ts';

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

test.for([
  ['hold', { bytes: 0 }, (rig: Rig, proxy: WireProxy) => rig.remove(proxy, 'kept')],
  [
    'latency',
    { latency: 600_000 },
    (rig: Rig, proxy: WireProxy) => rig.update(proxy, 'kept', { latency: { latency: 0 } }),
  ],
] as const)(
  'small pieces that a %s lets go together let others have their turn in between',
  async ([type, more, release]) => {
    await using rig = new Rig();
    const { proxy, client, server } = await rig.pair([
      toxic('fragment', { every: 1 }),
      toxic(type, more, { name: 'kept' }),
    ]);
    const bytes = 5000;
    const cuts: number[] = [];
    const turns = [0];
    rig.journal.listen(({ kind, facts }) => {
      if (kind === 'effect' && facts.effect === 'cut') cuts.push(facts.offset);
      turns[0] = (turns[0] ?? 0) + 1;
    });
    client.socket.write(Buffer.alloc(bytes));
    // What is left of the last cut is no piece that was cut off.
    while (cuts.length < bytes - 1) await new Promise((resolve) => setImmediate(resolve));
    const turn = (): void => {
      turns.unshift(0);
      if (server.receivedBytes < bytes) setImmediate(turn);
    };
    turn();
    release(rig, proxy);
    await server.has(bytes);
    expect(rig.told('wrote').length).toBe(bytes);
    expect(Math.max(...turns.slice(0, -1))).toBeLessThan(1000);
  },
);

test('slices are worked out as they are asked for', () => {
  let draws = 0;
  const ends = sliceEnds({ length: 262_144, offset: 0 }, { average_size: 2, size_variation: 1 }, () => {
    draws += 1;
    return 0.5;
  });
  ends.next();
  expect(draws).toBeLessThan(20);
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
