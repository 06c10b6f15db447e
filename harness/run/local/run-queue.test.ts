import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect, test } from 'vitest';

import { RunQueueMeter } from './run-queue.ts';

const descriptors = (): number => readdirSync('/proc/self/fd').length;

describe.skipIf(process.platform !== 'linux')('the time a process waits for a core', () => {
  test('never goes back while it runs, and is told no more once it has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'const end = Date.now() + 300; while (Date.now() < end);']);
    await once(child, 'spawn');
    const ended = once(child, 'exit');
    const meter = new RunQueueMeter(child.pid ?? 0);
    const seen: number[] = [];
    for (let sample = 0; sample < 10; sample += 1) {
      seen.push(meter.waitedMs() ?? -1);
      await delay(10);
    }
    expect(seen[0]).toBeGreaterThanOrEqual(0);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    await ended;
    meter.waitedMs();
    expect(meter.waitedMs()).toBeNull();
    meter.close();
  });

  test('is that of processes that compete for a core', async () => {
    const pair = [1, 2].map(() => spawn('taskset', ['-c', '0', process.execPath, '-e', 'for (;;);']));
    await Promise.all(pair.map((child) => once(child, 'spawn')));
    const meter = new RunQueueMeter(pair[0]?.pid ?? 0);
    const before = meter.waitedMs() ?? 0;
    const startedMs = performance.now();
    while ((meter.waitedMs() ?? 0) - before < 100 && performance.now() - startedMs < 10_000) await delay(20);
    expect((meter.waitedMs() ?? 0) - before).toBeGreaterThanOrEqual(100);
    meter.close();
    for (const child of pair) child.kill('SIGKILL');
    await Promise.all(pair.map((child) => once(child, 'exit')));
  });

  test('costs no descriptor once the meter is closed', () => {
    const before = descriptors();
    const meter = new RunQueueMeter(process.pid);
    expect(meter.waitedMs()).toBeGreaterThanOrEqual(0);
    expect(descriptors()).toBeGreaterThan(before);
    meter.close();
    expect(descriptors()).toBe(before);
  });

  test('of no process is unknown', () => {
    expect(new RunQueueMeter(2 ** 30).waitedMs()).toBeNull();
  });
});
