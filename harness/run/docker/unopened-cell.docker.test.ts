import { describe, test } from 'vitest';

import { skipWithoutEngine } from './engine-for-tests.ts';
import { EngineInBetween } from './engine-in-between.ts';
import { expectNothingStays } from './unopened-cell-for-tests.ts';

describe.skipIf(skipWithoutEngine)('a cell that could not be opened', { timeout: 120_000 }, () => {
  test('leaves no connection to its proxies', async () => {
    await using between = await EngineInBetween.open();
    await expectNothingStays(between, 'TCPSocketWrap');
  });
});
