import { expect, onTestFinished, test } from 'vitest';

import { watchScheduling } from './canary.ts';

/** What is told first of a process that has waited for so long in all at each look, the last of them from then on. */
function firstTold(totals: readonly (number | null)[]): Promise<number> {
  let looks = 0;
  return new Promise((resolve) => {
    const watch = watchScheduling(() => totals[Math.min(looks++, totals.length - 1)] ?? null, resolve);
    onTestFinished(() => watch[Symbol.dispose]());
  });
}

test('what a process waits for a core is told from the moment when it is first watched', async () => {
  expect(await firstTold([0, 300])).toBe(300);
});

test('what it had waited before is not, nor what it had when it could be read for the first time', async () => {
  expect(await firstTold([200, 200, 220])).toBe(20);
  expect(await firstTold([null, null, 500, 520])).toBe(20);
});
