/**
 * For the tests: a cell that cannot be opened after ways into it were, and what of them stays. The client library keeps to the
 * engine that it found first, so that each way to an engine has a test file of its own.
 */
import { expect, vi } from 'vitest';

import { DockerRun } from './docker-run.ts';
import type { EngineInBetween } from './engine-in-between.ts';

type Kind = 'TCPServerWrap' | 'TCPSocketWrap';

/** Opens a cell whose containers cannot be inspected, and waits until this process holds no more of that kind than before. */
export async function expectNothingStays(between: EngineInBetween, kind: Kind): Promise<void> {
  vi.stubEnv('DOCKER_HOST', between.host);
  await using run = await DockerRun.begin();
  const before = held(kind);
  // The proxies' processes are asked for when there is a way in and the events are read.
  between.watch(/^GET \S*\/top/, () => {
    between.refuse({ call: /^GET \S*\/containers\/\w+\/json/, message: 'not now' });
  });
  await expect(run.openCell()).rejects.toThrow('not now');
  // A handle is gone a turn after it is closed, and a connection that is kept for another call after seconds.
  await expect.poll(() => held(kind)).toBe(before);
}

function held(kind: Kind): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === kind).length;
}
