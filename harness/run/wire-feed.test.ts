import { setImmediate } from 'node:timers/promises';

import { expect, test } from 'vitest';

import type { ProxyControl } from './proxy-control.ts';
import { WireFeed } from './wire-feed.ts';

/** A proxy's stream of events, told by hand. */
function stream() {
  const told = new TransformStream<object, object>();
  const writer = told.writable.getWriter();
  const control = { events: () => told.readable } as unknown as ProxyControl;
  return {
    feed: new WireFeed(control),
    tell: (kind: string, at = 1000) => writer.write({ proxy: 'p', at, seq: 1, kind }),
    over: () => writer.close(),
  };
}

test('a proxy that is disabled and enabled again has not ended: its last event is yet to come', async () => {
  const { feed, tell, over } = stream();
  const seen: string[] = [];
  const watch = feed.watch('p', ({ kind }) => seen.push(kind), 0);
  for (const kind of ['listening', 'stopped', 'listening']) await tell(kind);
  let isOver = false;
  const ended = watch.ended(AbortSignal.timeout(10_000)).then(() => (isOver = true));
  await setImmediate();
  expect(isOver).toBe(false);
  await tell('stopped');
  await ended;
  expect(seen).toEqual(['listening', 'stopped', 'listening', 'stopped']);
  await over();
});

test.for([
  ['ahead of', 5_000_000, 5_900_000],
  ['behind', -500_000, 400_000],
] as const)('by a clock that is %s this one an event is told at its own instant', async ([, aheadMicros, at]) => {
  const { feed, tell, over } = stream();
  const seen: number[] = [];
  const watch = feed.watch('p', ({ atMs }) => seen.push(atMs), 800_000);
  feed.useClock({ aheadMicros, errorMs: 1 });
  await tell('stopped', at);
  await watch.ended(AbortSignal.timeout(10_000));
  // By this clock it was at 900 000 µs.
  expect(seen).toEqual([100]);
  await over();
});

test('a clock that is read again counts from then on', async () => {
  const { feed, tell, over } = stream();
  const seen: number[] = [];
  const watch = feed.watch('p', ({ atMs }) => seen.push(atMs), 0);
  for (const aheadMicros of [1000, 3000]) {
    feed.useClock({ aheadMicros, errorMs: 1 });
    await tell('stopped', 5000);
    await setImmediate();
  }
  await watch.ended(AbortSignal.timeout(10_000));
  expect(seen).toEqual([4, 2]);
  await over();
});

test('a stream that broke off is told to whoever watches then, and to whoever comes later', async () => {
  const { feed, over } = stream();
  expect(feed.isSound).toBe(true);
  const end = (proxy: string) => feed.watch(proxy, () => {}, 0).ended(AbortSignal.timeout(10_000));
  const before = end('p');
  await over();
  await expect(before).rejects.toMatchObject({ code: 'proxy-lost' });
  expect(feed.isSound).toBe(false);
  await expect(end('q')).rejects.toMatchObject({ code: 'proxy-lost' });
});

test('a feed that is no longer wanted has lost nothing', async () => {
  const { feed, over } = stream();
  const ended = feed[Symbol.asyncDispose]();
  await over();
  await ended;
  expect(feed.isSound).toBe(true);
});
