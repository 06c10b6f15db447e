import { describe, test } from 'vitest';

import { skipWithoutEngine } from './engine-for-tests.ts';
import { EngineInBetween } from './engine-in-between.ts';
import { expectNothingStays } from './unopened-cell-for-tests.ts';

describe.skipIf(skipWithoutEngine)(
  'a cell of an engine at an address that could not be opened',
  { timeout: 120_000 },
  () => {
    test('leaves nothing that listens', async () => {
      await using between = await EngineInBetween.openPort();
      await expectNothingStays(between, 'TCPServerWrap');
    });
  },
);
