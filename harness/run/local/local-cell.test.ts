import { expect, onTestFinished, test } from 'vitest';

import { openLocalCell } from './local-cell.ts';

test('a cell whose proxy cannot even be spawned is told not to have started, with the reason, and ends nobody', async () => {
  const { execPath } = process;
  onTestFinished(() => {
    process.execPath = execPath;
  });
  process.execPath = '/nowhere/node';
  await expect(openLocalCell(1, AbortSignal.timeout(10_000))).rejects.toMatchObject({
    code: 'proxy-not-started',
    message: expect.stringMatching(/did not start on 127\..*ENOENT/),
  });
});
