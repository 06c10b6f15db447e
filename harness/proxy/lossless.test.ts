import { randomBytes } from 'node:crypto';

import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { type Peer, Rig } from './rig.ts';

/** Of how a fragment is cut only one can be: an update to one takes away what was. */
const NO_CUTS = { sizes: fc.constant(null), every: fc.constant(null), offsets: fc.constant(null) };

/** The attributes of toxics that change when bytes come and in what pieces, never which. */
const LOSSLESS = {
  latency: fc.record({ latency: fc.nat(8), jitter: fc.nat(8) }),
  bandwidth: fc.record({ rate: fc.integer({ min: 5000, max: 100_000 }) }),
  slow_close: fc.record({ delay: fc.nat(8) }),
  slicer: fc.record({
    average_size: fc.integer({ min: 500, max: 9000 }),
    size_variation: fc.nat(499),
    delay: fc.nat(200),
  }),
  fragment: fc.oneof(
    fc.record({
      ...NO_CUTS,
      every: fc.integer({ min: 2000, max: 9000 }),
      gap: fc.constantFrom(0, 0.1),
      from: fc.nat(90_000),
    }),
    fc.record({
      ...NO_CUTS,
      sizes: fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 6 }),
      gap: fc.constantFrom(0, 1),
    }),
    fc.record({
      ...NO_CUTS,
      offsets: fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 6 }),
      gap: fc.constantFrom(0, 1),
    }),
  ),
  coalesce: fc.record({ bytes: fc.integer({ min: 1, max: 70_000 }), wait: fc.nat(5), from: fc.nat(90_000) }),
  hold: fc.record({ bytes: fc.nat(100_000) }),
  stall: fc.record({ bytes: fc.nat(100_000) }),
  noop: fc.constant({}),
};

const losslessToxic = fc.oneof(
  ...Object.entries<fc.Arbitrary<object>>(LOSSLESS).map(([type, attributes]) =>
    fc.record({ type: fc.constant(type), attributes }),
  ),
);
const stream = fc.constantFrom('upstream', 'downstream');

type Act =
  | { readonly act: 'send'; readonly from: 'client' | 'server'; readonly bytes: number }
  | { readonly act: 'add'; readonly toxic: object }
  | { readonly act: 'update'; readonly which: number; readonly attributes: Readonly<Record<string, object>> }
  | { readonly act: 'remove'; readonly which: number }
  | { readonly act: 'pause' | 'resume'; readonly who: 'client' | 'server' }
  | { readonly act: 'wait'; readonly ms: number };

const who = fc.constantFrom('client' as const, 'server' as const);
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        act: fc.constant('send' as const),
        from: who,
        bytes: fc.integer({ min: 1, max: 90_000 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(losslessToxic, stream)
        .map(([toxic, way]) => ({ act: 'add' as const, toxic: { ...toxic, stream: way } })),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        act: fc.constant('update' as const),
        which: fc.nat(20),
        attributes: fc.record<Record<string, object>>(LOSSLESS),
      }),
    },
    { weight: 2, arbitrary: fc.record({ act: fc.constant('remove' as const), which: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constantFrom('pause' as const, 'resume' as const), who }) },
    { weight: 2, arbitrary: fc.record({ act: fc.constant('wait' as const), ms: fc.nat(4) }) },
  ),
  { minLength: 1, maxLength: 25 },
);

test(
  'without a lossy toxic the output is the input, whatever toxics, chunks, pauses and calls there are',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (list) => {
        await using rig = new Rig();
        const { proxy, client, server } = await rig.pair();
        const peers: Record<'client' | 'server', Peer> = { client, server };
        const sent: Record<'client' | 'server', Buffer[]> = { client: [], server: [] };
        const names: string[] = [];
        for (const [index, act] of list.entries()) {
          if (act.act === 'send') {
            const bytes = randomBytes(act.bytes);
            sent[act.from].push(bytes);
            peers[act.from].socket.write(bytes);
          } else if (act.act === 'add') {
            names.push(`t${index}`);
            rig.add(proxy, { ...act.toxic, name: `t${index}` });
          } else if (act.act === 'update') rig.update(proxy, names[act.which % names.length] ?? '', act.attributes);
          else if (act.act === 'remove')
            rig.remove(proxy, names.splice(act.which % Math.max(1, names.length), 1)[0] ?? '');
          else if (act.act === 'wait') await new Promise((resolve) => setTimeout(resolve, act.ms));
          else peers[act.who].socket[act.act]();
        }
        client.socket.resume().end();
        server.socket.resume().end();
        // What holds or stalls for ever is lifted; all else has to end by itself.
        for (const direction of ['upstream', 'downstream'] as const) {
          for (const { name, kind } of proxy.toxics(direction))
            if (kind.type === 'hold' || kind.type === 'stall') rig.remove(proxy, name);
        }
        expect(await client.end()).toBe('fin');
        expect(await server.end()).toBe('fin');
        expect(server.received.equals(Buffer.concat(sent.client))).toBe(true);
        expect(client.received.equals(Buffer.concat(sent.server))).toBe(true);
        await rig.until('closed');
      }),
      { numRuns: 60 },
    );
  },
);

test(
  'a cut at byte n lets exactly n bytes through, whatever lossless toxics stand around it',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('reset', 'fin', 'swallow', 'hold', 'limit_data'),
        fc.integer({ min: 1, max: 120_000 }),
        fc.array(
          losslessToxic.filter(({ type }) => type !== 'hold' && type !== 'stall'),
          { maxLength: 3 },
        ),
        fc.nat(3),
        async (type, bytes, around, place) => {
          await using rig = new Rig();
          const cut = { type, attributes: { bytes } };
          const toxics = around
            .toSpliced(place, 0, cut as never)
            .map((one, index) => ({ ...one, name: `t${index}`, stream: 'upstream' }));
          const { client, server } = await rig.pair(toxics);
          const sent = randomBytes(130_000);
          client.socket.write(sent);
          await server.has(bytes);
          if (type !== 'hold' && type !== 'swallow') await server.end();
          else await rig.until('effect', { type });
          expect(server.received.equals(sent.subarray(0, bytes))).toBe(true);
          const endings: Readonly<Record<string, string>> = { reset: 'reset', fin: 'fin', limit_data: 'fin' };
          expect(server.ending).toBe(endings[type]);
        },
      ),
      { numRuns: 60 },
    );
  },
);
