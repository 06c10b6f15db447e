import { expect, onTestFinished, test } from 'vitest';

import { watchScheduling } from './canary.ts';

type Total = number | null;

/** What is told first of a process that had waited for so long when its watch began, and at each look since. */
function firstTold(atFirst: Total, totals: readonly Total[]): Promise<number> {
  let looks = -1;
  return new Promise((resolve) => {
    const watch = watchScheduling(() => (looks < 0 ? atFirst : (totals[looks++] ?? null)), resolve);
    looks = 0;
    onTestFinished(() => watch[Symbol.dispose]());
  });
}

test('what a process waits for a core is told from the moment when it is first watched', async () => {
  expect(await firstTold(0, [300, 320])).toBe(300);
});

test('what it had waited before is not, nor what it had when it could be read for the first time', async () => {
  expect(await firstTold(200, [200, 220])).toBe(20);
  expect(await firstTold(null, [null, 500, 520])).toBe(20);
});
