import { expect, test } from 'vitest';

import { Alarm } from './alarm.ts';
import { nowMs } from './clock.ts';

test('an alarm rings in order and never early', async () => {
  const alarm = new Alarm();
  const beganMs = nowMs();
  const asked = Array.from({ length: 300 }, (_, index) => ((index * 7919) % 300) / 4 + 0.13);
  const rung: { afterMs: number; lateMs: number }[] = [];
  await new Promise<void>((resolve) => {
    for (const afterMs of asked) {
      alarm.at(beganMs + afterMs, () => {
        rung.push({ afterMs, lateMs: nowMs() - beganMs - afterMs });
        if (rung.length === asked.length) resolve();
      });
    }
  });
  expect(rung.map(({ afterMs }) => afterMs)).toEqual(asked.toSorted((a, b) => a - b));
  expect(Math.min(...rung.map(({ lateMs }) => lateMs))).toBeGreaterThanOrEqual(0);
});

test('a cancelled appointment is not kept, and the others are', async () => {
  const alarm = new Alarm();
  const rung: string[] = [];
  const cancel = alarm.at(nowMs() + 1, () => rung.push('cancelled'));
  const last = new Promise<void>((resolve) => {
    alarm.at(nowMs() + 3, () => {
      rung.push('kept');
      resolve();
    });
  });
  cancel();
  await last;
  expect(rung).toEqual(['kept']);
});

test('appointments that were cancelled do not wait in memory for their time', async () => {
  const alarm = new Alarm();
  const rung: number[] = [];
  const kept = [3, 1, 2].map(
    (afterMs) => new Promise<void>((resolve) => alarm.at(nowMs() + afterMs, () => resolve(void rung.push(afterMs)))),
  );
  for (let index = 0; index < 10_000; index += 1) alarm.at(nowMs() + 3_600_000 - index, () => rung.push(0))();
  expect(alarm.size).toBeLessThan(100);
  await Promise.all(kept);
  expect(rung).toEqual([1, 2, 3]);
  alarm.stop();
});

test('a stopped alarm forgets everything', async () => {
  const alarm = new Alarm();
  let rung = false;
  alarm.at(nowMs() + 1, () => {
    rung = true;
  });
  alarm.stop();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(rung).toBe(false);
});
