/**
 * An engine of another machine: nothing of this machine is used to get into its cells, and how its clock stands to this
 * one's is measured and put down.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { recordSchema } from '../../evidence/record.ts';
import type { RecordOf } from '../../evidence/record.ts';
import { runSchema } from '../../evidence/run.ts';
import type { Run } from '../../evidence/run.ts';
import { amongOwnProcesses, elsewhere, skipWithoutElsewhere } from './elsewhere-for-tests.ts';
import { EngineInBetween } from './engine-in-between.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';

const COMMAND = fileURLToPath(new URL('../../cli/halfopen.js', import.meta.url));
const THROUGH_WIRE = ['a-length-that-lies-is-refused'];
/** Through real Toxiproxy, through the wire proxy, and with a fault of the network. */
const EACH_WAY = ['a-clean-exchange-is-clean', ...THROUGH_WIRE, 'a-short-cut-of-the-network'];

type Program = readonly [program: string, args: string[]];
/** What was found of a run, and each attempt's reading of the clock. */
type Found = readonly [run: Run, clocks: (RecordOf<'clock'> | undefined)[]];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-remote-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** Runs these scenarios in one cell of that engine. @param place the words by which a command is run where the harness is */
async function runThrough(host: string, ids: string[], place: (command: string[]) => Program): Promise<Found> {
  const reports = await mkdtemp(join(folder, 'reports-'));
  const words = ['run', '--cell', 'docker', '--cells', '1', '--server', 'node', '--client', 'node', ...ids];
  const env = { ...process.env, DOCKER_HOST: host };
  await new Promise<void>((resolve) => {
    execFile(...place([process.execPath, COMMAND, ...words, '--report', reports]), { env }, () => resolve());
  });
  const finished = v.parse(runSchema, JSON.parse(await readFile(join(reports, 'latest/run.json'), 'utf8')));
  const clocks = finished.results.map(async ({ evidence }) => {
    const text = await readFile(join(reports, 'latest', evidence ?? '', 'events.jsonl'), 'utf8');
    const records = text.split('\n').flatMap((line) => (line === '' ? [] : [v.parse(recordSchema, JSON.parse(line))]));
    return records.find((record) => record.kind === 'clock');
  });
  return [finished, await Promise.all(clocks)];
}

/** A wrong sign would put every event of the proxy outside its attempt, which is no pass. */
function expectPasses(run: Run, ids: string[]): void {
  const told = run.results.map(({ verdict, reason }) => ({ verdict, reason }));
  expect(told).toEqual(ids.map(() => ({ verdict: 'pass', reason: expect.any(String) as string })));
}

function expectAhead(clocks: Found[1], aheadMicros: number): void {
  for (const clock of clocks) {
    expect(clock?.errorMs).toBeLessThan(50);
    const offMicros = Math.abs((clock?.aheadMicros ?? Number.NaN) - aheadMicros);
    expect(offMicros).toBeLessThanOrEqual((clock?.errorMs ?? 0) * 1000 + 1);
  }
}

describe.skipIf(skipWithoutEngine)('an engine at an address', { timeout: 120_000 }, () => {
  test('makes cells in which scenarios pass, and has its clock read', async () => {
    await using between = await EngineInBetween.openPort();
    const place = ([program = '', ...args]: string[]): Program => [program, args];
    const [run, clocks] = await runThrough(between.host, THROUGH_WIRE, place);
    expectPasses(run, THROUGH_WIRE);
    // It is this machine's own in truth.
    expectAhead(clocks, 0);
  });
});

describe.skipIf(skipWithoutEngine || skipWithoutElsewhere)(
  'an engine whose network is this one’s',
  { timeout: 120_000 },
  () => {
    test('is here, though no process of it is to be seen: its clock is this machine’s own', async () => {
      await using between = await EngineInBetween.open();
      const [run, clocks] = await runThrough(between.host, THROUGH_WIRE, amongOwnProcesses);
      expectPasses(run, THROUGH_WIRE);
      expect(clocks).toEqual([undefined]);
    });
  },
);

describe.skipIf(skipWithoutEngine || skipWithoutElsewhere)(
  'an engine behind a forwarded socket',
  { timeout: 120_000 },
  () => {
    test.for([
      [20, EACH_WAY],
      [-20, THROUGH_WIRE],
    ] as const)(
      'is known for one elsewhere, and the clock there for what it is: this one is %i s ahead',
      async ([aheadS, scenarios]) => {
        await using between = await EngineInBetween.open();
        const ids = [...scenarios];
        const [run, clocks] = await runThrough(between.host, ids, (command) => elsewhere(aheadS, command));
        expectPasses(run, ids);
        expectAhead(clocks, -aheadS * 1e6);
      },
    );
  },
);
