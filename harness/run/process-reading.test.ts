import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect, test } from 'vitest';

import { readProcess } from './process-reading.ts';

describe.skipIf(process.platform !== 'linux')('a reading of a process', () => {
  test('counts its TCP sockets by state, and no longer once they are closed', async () => {
    const before = readProcess(process.pid, 0);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const accepted = once(server, 'connection');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const [socket] = await accepted;
    const during = readProcess(process.pid, 0);
    const more = (state: string) => (during?.sockets[state] ?? 0) - (before?.sockets[state] ?? 0);
    expect([more('LISTEN'), more('ESTABLISHED')]).toEqual([1, 2]);
    expect(during?.fds).toBeGreaterThan(3);
    client.destroy();
    socket.destroy();
    server.close();
    await once(server, 'close');
    const after = readProcess(process.pid, 0);
    expect(after?.sockets['LISTEN'] ?? 0).toBe(before?.sockets['LISTEN'] ?? 0);
  });

  test('does not look up the states of no more sockets than expected', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const all = Object.values(readProcess(process.pid, 0)?.sockets ?? {}).reduce((sum, count) => sum + count, 0);
    expect(readProcess(process.pid, all)?.sockets).toEqual({ socket: all });
    expect(readProcess(process.pid, null)?.sockets).toEqual({});
    server.close();
    await once(server, 'close');
  });

  test('tells memory, time on a core and time spent waiting for one', () => {
    const first = readProcess(process.pid, 0);
    const untilMs = performance.now() + 60;
    while (performance.now() < untilMs) {
      // Busy, so that time on a core passes.
    }
    const second = readProcess(process.pid, 0);
    expect(second?.residentBytes).toBeGreaterThan(1_000_000);
    expect(second?.peakBytes).toBeGreaterThanOrEqual(second?.residentBytes ?? Infinity);
    expect((second?.cpuMs ?? 0) - (first?.cpuMs ?? 0)).toBeGreaterThan(0);
    expect(second?.waitedMs ?? -1).toBeGreaterThanOrEqual(first?.waitedMs ?? 0);
  });

  test('tells what a second thread waited for a core while the first one slept', async () => {
    const program = "new (require('node:worker_threads').Worker)('for (;;);', { eval: true });";
    const pair = [program, 'for (;;);'].map((text) => spawn('taskset', ['-c', '0', process.execPath, '-e', text]));
    await Promise.all(pair.map((child) => once(child, 'spawn')));
    const pid = pair[0]?.pid ?? 0;
    const behindFirst = () => (readProcess(pid, null)?.waitedMs ?? 0) - firstThreadWaitedMs(pid);
    const startedMs = performance.now();
    while (behindFirst() < 300 && performance.now() - startedMs < 15_000) await delay(20);
    expect(behindFirst()).toBeGreaterThanOrEqual(300);
    for (const child of pair) child.kill('SIGKILL');
  });

  test('of a process that is not there is none', () => {
    expect(readProcess(2 ** 22 + 1, 0)).toBeNull();
  });
});

function firstThreadWaitedMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'latin1').split(' ')[1]) / 1e6;
}
