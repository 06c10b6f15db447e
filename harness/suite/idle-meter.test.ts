import { expect, test } from 'vitest';

import { IdleMeter } from './idle-meter.ts';

test("which share of the cores' time is idle is told on this system", async () => {
  const meter = new IdleMeter();
  meter.begin();
  const told: unknown[] = [];
  await expect.poll(() => told.push(meter.look()) > 0 && told.some((idle) => typeof idle === 'number')).toBe(true);
  const share = told.at(-1);
  expect(share).toBeGreaterThanOrEqual(0);
  expect(share).toBeLessThanOrEqual(1);
  expect(told).not.toContain('unknown');
});
