/**
 * A fault that the engine does not take back: what it was done to is unknown, and no other scenario meets it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { runInDocker } from './command-for-tests.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';
import { EngineInBetween } from './engine-in-between.ts';

const CUT = 'dead-peer/a-short-cut-of-the-network-is-outlived';
const CLEAN = 'framing/a-clean-exchange-is-clean';

describe.skipIf(skipWithoutEngine)('a container that is not put back on its network', { timeout: 180_000 }, () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'halfopen-spoilt-'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  test('makes the verdict unknown, each time it is tried, and is replaced before anything else is run in its cell', async () => {
    await using between = await EngineInBetween.open({
      call: /^POST \S*\/networks\/\w+\/connect/,
      message: 'Address already in use',
    });
    const ran = await runInDocker(folder, {
      args: ['--server', 'node', '--client', 'node', CUT, CLEAN],
      environment: { DOCKER_HOST: between.host },
    });
    const [cut, clean] = [CUT, CLEAN].map((id) => ran.run.results.find(({ scenario }) => scenario === id));
    expect(cut).toMatchObject({ verdict: 'unknown', unknownReason: 'lift-failed' });
    expect(cut?.attempts.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 3 }, () => expect.stringContaining('it could not be lifted: ') as string),
    );
    expect(clean).toMatchObject({ verdict: 'pass' });
    expect(ran.status).toBe(5);
  });
});
