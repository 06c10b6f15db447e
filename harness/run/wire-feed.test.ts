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
    tell: (kind: string) => writer.write({ proxy: 'p', at: 1000, seq: 1, kind }),
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
