/**
 * An engine that is reached by an address: nothing of this machine is used to get into its cells, and how its clock stands
 * to this one's is measured and put down.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { recordSchema } from '../../evidence/record.ts';
import { runSchema } from '../../evidence/run.ts';
import type { Run } from '../../evidence/run.ts';
import { EngineInBetween } from './engine-in-between.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';

const COMMAND = fileURLToPath(new URL('../../cli/halfopen.js', import.meta.url));
/** Through real Toxiproxy, through the wire proxy, and with a fault of the network. */
const IDS = ['a-clean-exchange-is-clean', 'a-length-that-lies-is-refused', 'a-short-cut-of-the-network'];

describe.skipIf(skipWithoutEngine)('an engine at an address', { timeout: 120_000 }, () => {
  let folder: string;
  let finished: Run;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'halfopen-remote-'));
    await using between = await EngineInBetween.openPort();
    const args = ['run', '--cell', 'docker', '--cells', '1', '--server', 'node', '--client', 'node', ...IDS];
    const env = { ...process.env, DOCKER_HOST: between.host };
    await new Promise<void>((resolve) => {
      execFile(process.execPath, [COMMAND, ...args, '--report', folder], { env }, () => resolve());
    });
    finished = v.parse(runSchema, JSON.parse(await readFile(join(folder, 'latest/run.json'), 'utf8')));
  }, 120_000);

  afterAll(() => rm(folder, { recursive: true }));

  test('makes cells in which scenarios pass', () => {
    const told = finished.results.map(({ verdict, reason }) => ({ verdict, reason }));
    expect(told).toEqual(IDS.map(() => ({ verdict: 'pass', reason: expect.any(String) as string })));
  });

  test('has a clock that was read, to a few milliseconds', async () => {
    for (const { evidence } of finished.results) {
      const text = await readFile(join(folder, 'latest', evidence ?? '', 'events.jsonl'), 'utf8');
      const records = text
        .split('\n')
        .flatMap((line) => (line === '' ? [] : [v.parse(recordSchema, JSON.parse(line))]));
      const clock = records.find((record) => record.kind === 'clock');
      expect(clock?.errorMs).toBeLessThan(50);
      // It is this machine's own in truth.
      expect(Math.abs(clock?.aheadMicros ?? Number.NaN)).toBeLessThanOrEqual((clock?.errorMs ?? 0) * 1000 + 1);
    }
  });
});
