import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { makePlan } from '../plan/make-plan.ts';
import { client } from '../scenario/expectation.ts';
import { defineScenario } from '../scenario/scenario.ts';
import { readEvidence } from './read-evidence.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-evidence-'));
  const scenario = defineScenario({
    claim: 'A claim that is long enough',
    source: { passage: 'HOWTO, Using a Socket', requires: 'Something that is long enough' },
    workload: 'connect',
    params: {},
    expect: [client.completes()],
  });
  const plan = makePlan('group/claim', scenario, {
    cell: 'local',
    proxy: 'wire',
    server: 'node',
    client: 'node',
    seed: '1',
    variant: 'fault',
  });
  await writeFile(join(folder, 'plan.json'), JSON.stringify(plan));
  await writeFile(
    join(folder, 'events.jsonl'),
    '{"kind":"origin","atMs":0,"monotonicMicros":1}\n{"kind":"finished","atMs":9}\n',
  );
  await writeFile(join(folder, 'wire.jsonl'), '');
  await writeFile(join(folder, 'faults.json'), '[]');
});

afterEach(() => rm(folder, { recursive: true }));

test('sound evidence is read whole, with no damage', async () => {
  const evidence = await readEvidence(folder);
  expect(evidence.records.map(({ kind }) => kind)).toEqual(['origin', 'finished']);
  expect(evidence.damage).toEqual([]);
});

test('a file cut off inside a line keeps what is whole and says which line is not', async () => {
  await appendFile(join(folder, 'events.jsonl'), '{"kind":"stalled","at');
  const evidence = await readEvidence(folder);
  expect(evidence.records).toHaveLength(2);
  expect(evidence.damage).toEqual([expect.stringContaining('line 3: not JSON')]);
});

test('a missing file is damage, not an end', async () => {
  await rm(join(folder, 'wire.jsonl'));
  await rm(join(folder, 'faults.json'));
  const evidence = await readEvidence(folder);
  expect(evidence.damage).toHaveLength(2);
});

test('a record of another shape is named with its key', async () => {
  await appendFile(
    join(folder, 'events.jsonl'),
    '{"kind":"exited","atMs":1,"role":"server","status":"0","signal":null}\n',
  );
  expect((await readEvidence(folder)).damage).toEqual([expect.stringContaining('status')]);
});

test('without a plan of this version nothing can be judged, and that is said', async () => {
  await writeFile(join(folder, 'plan.json'), '{"schema":2}');
  await expect(readEvidence(folder)).rejects.toThrow('plan.json is not what this version writes: schema');
});

test.each([
  [{ connections: 1_000_000_000 }, /params.connections/],
  [{ messages: 2_147_483_647 }, /params: .* messages in all/],
  [{ messageBytes: 2_147_483_647 }, /params.messageBytes/],
])('nor a plan that asks for more than can be remembered: %j', async (change, words) => {
  const path = join(folder, 'plan.json');
  const plan = JSON.parse(await readFile(path, 'utf8')) as { params: object };
  await writeFile(path, JSON.stringify({ ...plan, params: { ...plan.params, ...change } }));
  await expect(readEvidence(folder)).rejects.toThrow(words);
});
