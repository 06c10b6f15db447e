import { expect, test } from 'vitest';

import { missedLimit } from './held-limits.ts';
import type { HeldTo } from './held-limits.ts';

const MEMORY = 64 * 1024 * 1024;
const ASKED = { memoryBytes: MEMORY, cpus: 0.29, fds: 64 };
const HELD: HeldTo = {
  Memory: MEMORY,
  MemorySwap: MEMORY,
  // As Compose writes 0.29.
  NanoCpus: 289_999_991,
  Ulimits: [
    { Name: 'core', Hard: 0 },
    { Name: 'nofile', Hard: 64 },
  ],
};

test('an engine that holds a container to all that was asked for has dropped nothing', () => {
  expect(missedLimit(ASKED, HELD)).toBeNull();
});

// What an engine leaves where its kernel cannot do it.
test.for([
  ['memoryBytes: 67108864', { Memory: 0, MemorySwap: -1 }, 'cgroup_enable=memory'],
  ['memoryBytes: 67108864, with swap', { MemorySwap: -1 }, 'swapaccount=1'],
  ['cpus: 0.29', { NanoCpus: 0 }, 'CONFIG_CFS_BANDWIDTH'],
  ['fds: 64', { Ulimits: null }, 'default-ulimits'],
] as const)('a limit that was dropped is named, with what would help: %s', ([limit, dropped, remedy]) => {
  const missed = missedLimit(ASKED, { ...HELD, ...dropped });
  expect(missed?.limit).toBe(limit);
  expect(missed?.remedy).toContain(remedy);
});

test('a limit that nobody asked for is missed by nobody', () => {
  expect(missedLimit({}, {})).toBeNull();
});
