/**
 * Select's table of truth: what it says of a socket in each state, when it only looks and when it may wait for ever.
 */
import { describe, expect, test } from 'vitest';

import { KINDS, pair } from './pair.ts';
import { select } from './select.ts';
import type { Socket } from './socket.ts';

type Pair = Awaited<ReturnType<typeof pair>>;

/** As 30 days in ms: no timer of the platform counts so far. */
const HUGE_MS = 30 * 24 * 3600 * 1000;

interface State {
  readonly state: string;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly bring: (both: Pair) => Promise<unknown> | void;
}

/** Sends until nothing more goes. */
async function fill({ socket, peer }: Pair): Promise<void> {
  peer.pause();
  socket.setBlocking(false);
  while ((await select([], [socket], [], { timeoutMs: 100 }))[1].length > 0) await socket.send(new Uint8Array(65_536));
  socket.setBlocking(true);
}

const STATES: readonly State[] = [
  { state: 'idle', readable: false, writable: true, bring: () => {} },
  { state: 'with bytes', readable: true, writable: true, bring: ({ peer }) => void peer.write('x') },
  { state: 'ended by its peer', readable: true, writable: true, bring: ({ peer }) => void peer.end() },
  { state: 'reset', readable: true, writable: true, bring: ({ peer }) => void peer.resetAndDestroy() },
  { state: 'ended by itself', readable: false, writable: true, bring: async ({ socket }) => await socket.shutdown() },
  { state: 'full', readable: false, writable: false, bring: fill },
  {
    state: 'full and with bytes',
    readable: true,
    writable: false,
    bring: async (both) => {
      await fill(both);
      both.peer.write('x');
    },
  },
];

async function brought(kind: (typeof KINDS)[number], { bring, readable }: State): Promise<Socket> {
  const both = await pair(kind);
  await bring(both);
  // What the peer did is on its way until it can be seen.
  if (readable) await select([both.socket], []);
  return both.socket;
}

describe.each(KINDS)('a %s socket', (kind) => {
  test.each(STATES)('$state is told as it is by one look', async (each) => {
    const socket = await brought(kind, each);
    const due = [each.readable ? [socket] : [], each.writable ? [socket] : [], []];
    expect(await select([socket], [socket], [socket], { timeoutMs: 0 })).toEqual(due);
  });

  test.each(STATES.filter(({ readable, writable }) => readable || writable))(
    '$state is told at once, though there were time enough',
    async (each) => {
      const socket = await brought(kind, each);
      const due = [each.readable ? [socket] : [], each.writable ? [socket] : [], []];
      expect(await select([socket], [socket], [socket], { timeoutMs: HUGE_MS })).toEqual(due);
    },
  );

  test.each([2 ** 31, HUGE_MS, Number.POSITIVE_INFINITY])('a time of %d ms is not up at once', async (timeoutMs) => {
    const { socket, peer } = await pair(kind);
    const waiting = select([socket], [], [], { timeoutMs });
    // A timer that cannot count so far fires after 1 ms.
    await select([socket], [], [], { timeoutMs: 20 });
    peer.write('x');
    expect((await waiting)[0]).toEqual([socket]);
  });
});
