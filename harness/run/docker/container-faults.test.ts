/** What a kill does where there is nothing to kill any more. The faults themselves are tested on containers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { expect, onTestFinished, test } from 'vitest';

import { killProcess } from './container-faults.ts';

const CONTAINER = 'c0ffee'.repeat(10);

test('whoever has the number of a process of a container that has ended is not killed in its stead', async () => {
  const other = spawn('sleep', ['60'], { stdio: 'ignore' });
  onTestFinished(() => void other.kill('SIGKILL'));
  await once(other, 'spawn');
  const freezer = { freeze: () => expect.unreachable(), thaw: () => Promise.resolve() };
  const ended = Promise.resolve({ status: 0, signal: null });
  expect(await killProcess({ pid: other.pid ?? 0, containerId: CONTAINER }, freezer, ended)).toBeNull();
  const closed = once(other, 'exit');
  other.kill('SIGTERM');
  // A kill would have come first.
  expect(await closed).toEqual([null, 'SIGTERM']);
});
