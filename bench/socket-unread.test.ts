import { expect, test } from 'vitest';
import { unreadPeers } from './socket-memory.ts';

test.each(['sendAll', 'send'] as const)(
  'much offered with %s to a peer that does not read stays with the caller, but for one chunk',
  async (how) => {
    const { accountedKib, stuck } = await unreadPeers(how, 64, 20);
    expect(stuck).toBe(20);
    expect(accountedKib).toBeLessThan(256);
  },
);
