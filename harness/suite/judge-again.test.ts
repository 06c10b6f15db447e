import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeEach, afterEach, expect, test } from 'vitest';

import { countVerdicts } from '../evidence/counts.ts';
import { attemptFolder } from '../evidence/folder.ts';
import type { Result, Run } from '../evidence/run.ts';
import type { VerdictWord } from '../evidence/verdict.ts';
import { cleanExchange } from '../judge/history.ts';
import { judgeAttempt, judgeRun } from './judge-again.ts';
import type { Rejudged } from './judge-again.ts';

const SCENARIOS = ['a/one', 'a/two', 'a/three'];

let folder: string;
let shown: Rejudged[];
let noted: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-judge-again-'));
  shown = [];
  noted = [];
});

afterEach(() => rm(folder, { recursive: true }));

const lines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const again = (): Promise<number> =>
  judgeRun(
    folder,
    (one) => shown.push(one),
    (problem) => noted.push(problem),
  );
const verdicts = (): VerdictWord[] => shown.map(({ verdict }) => verdict.verdict);
const stored = async (): Promise<Run> => JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as Run;

async function leave(scenario: string): Promise<Result> {
  const { plan: base, records, wire, receipts } = cleanExchange().evidence();
  const plan = { ...base, scenario };
  const evidence = attemptFolder(plan, 1, 1);
  const place = join(folder, evidence);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'plan.json'), JSON.stringify(plan));
  await writeFile(join(place, 'events.jsonl'), lines(records));
  await writeFile(join(place, 'wire.jsonl'), lines(wire));
  await writeFile(join(place, 'faults.json'), JSON.stringify(receipts));
  const { claim, cell, proxy, server, client, variant, waitsMs } = plan;
  const of = { scenario, claim, cell, proxy, server, client, variant, waitsMs, evidence };
  return {
    ...of,
    verdict: 'pass',
    reason: 'all held',
    unknownReason: null,
    repetition: 1,
    durationMs: 1,
    attempts: [{ verdict: 'pass', reason: 'all held', evidence, durationMs: 1 }],
  };
}

async function leaveRun(more: Partial<Run> = {}): Promise<Result[]> {
  const results = await Promise.all(SCENARIOS.map(leave));
  const times = { startedAt: '2026-11-22T12:00:00.000Z', durationMs: 1, exitStatus: 0 };
  const run: Run = { schema: 1, run: 'r', seed: '7', command: [], counts: countVerdicts(results), results, ...times };
  await writeFile(join(folder, 'run.json'), JSON.stringify({ ...run, ...more }));
  return results;
}

const placeOf = (results: readonly Result[], index: number): string => join(folder, results[index]?.evidence ?? '');

test('a plan that is cut off makes its attempt unknown, and the others are judged', async () => {
  const results = await leaveRun();
  const plan = join(placeOf(results, 1), 'plan.json');
  await writeFile(plan, (await readFile(plan, 'utf8')).slice(0, 99));
  expect(await again()).toBe(5);
  expect(verdicts()).toEqual(['pass', 'unknown', 'pass']);
  expect(shown[1]?.verdict).toMatchObject({ unknownReason: 'evidence-incomplete' });
  expect(shown[1]?.verdict.reason).toMatch(/^its evidence cannot be read: plan\.json cannot be read: /);
  expect(await stored()).toMatchObject({ exitStatus: 5, counts: { pass: 2, unknown: 1 } });
  expect(await judgeAttempt(placeOf(results, 1), () => {})).toBe(5);
});

test('an attempt whose folder is gone proves nothing any more', async () => {
  const results = await leaveRun();
  await rm(placeOf(results, 0), { recursive: true });
  expect(await again()).toBe(5);
  expect((await stored()).counts).toMatchObject({ pass: 2, unknown: 1 });
});

test('what could not be set up, and left no plan, stays so', async () => {
  const results = await leaveRun();
  const [first] = results;
  const unmade = { verdict: 'setup-error' as const, reason: 'no engine', evidence: 'scenarios/none/1', durationMs: 1 };
  if (first !== undefined) results[0] = { ...first, ...unmade, attempts: [unmade] };
  await leaveRun({ results });
  expect(await again()).toBe(3);
  expect((await stored()).results[0]).toMatchObject({ verdict: 'setup-error', reason: 'no engine' });
});

test.each([
  ['without a run.json', null],
  ['with one that is no run', '[]'],
  ['with half of one', '{"schema": 1, "results": ['],
])('a run %s is judged by its attempts, and is never green', async (_title, text) => {
  await leaveRun();
  await (text === null ? rm(join(folder, 'run.json')) : writeFile(join(folder, 'run.json'), text));
  expect(await again()).toBe(5);
  expect(verdicts()).toEqual(['pass', 'pass', 'pass']);
  expect(noted.join()).toContain('run.json cannot be used');
  expect(await readFile(join(folder, 'run.json'), 'utf8').catch(() => null)).toBe(text);
});

test('an attempt whose plan cannot be read is named, also where there is no run.json', async () => {
  const results = await leaveRun();
  await rm(join(folder, 'run.json'));
  await writeFile(join(placeOf(results, 1), 'plan.json'), '');
  expect(await again()).toBe(5);
  expect(shown.map(({ evidence }) => evidence).toSorted()).toEqual(
    results.map(({ evidence }) => evidence ?? '').toSorted(),
  );
  expect(verdicts().toSorted()).toEqual(['pass', 'pass', 'unknown']);
});

test('a merged run that lacks a shard still does when it is judged again', async () => {
  const [one, two, three] = await leaveRun();
  const elsewhere = { verdict: 'not-run', reason: 'belongs to another shard', attempts: [], evidence: null } as const;
  const results = [one, two, { ...three, ...elsewhere }] as Result[];
  await leaveRun({ results, parts: [{ run: 'x', shard: { number: 1, of: 2 }, exitStatus: 0 }], exitStatus: 3 });
  expect(await again()).toBe(3);
  expect((await stored()).exitStatus).toBe(3);
});

test('a run of which no verdict changes keeps its file, to the byte', async () => {
  await leaveRun();
  await again();
  const { schema, results, ...rest } = await stored();
  const turned = results.map((result) => Object.fromEntries(Object.entries(result).toReversed()));
  const text = JSON.stringify({ ...rest, results: turned, schema }, null, 7);
  await writeFile(join(folder, 'run.json'), text);
  expect(await again()).toBe(0);
  expect(await readFile(join(folder, 'run.json'), 'utf8')).toBe(text);
});

test.each(['../outside', 'a\n/../../outside', 'a\u0000b', '/outside', 'a/..'])(
  'a result whose evidence is said to be in %j is judged nowhere, and nothing is written there',
  async (evidence) => {
    const [one, two] = await leaveRun();
    const attempts = [{ verdict: 'pass', reason: 'all held', evidence, durationMs: 1 }] as const;
    await leaveRun({ results: [one, { ...two, attempts, evidence }] as Result[] });
    expect(await again()).toBe(5);
    expect(shown.map((each) => each.evidence)).toEqual([one?.evidence]);
    expect(noted.join()).toMatch(/^result 2 of run\.json: /);
  },
);

test('a run whose name is no line of text is not taken as it stands', async () => {
  await leaveRun({ run: 'r\u001b[2J', seed: '7'.repeat(300) });
  const text = await readFile(join(folder, 'run.json'), 'utf8');
  expect(await again()).toBe(5);
  expect(await readFile(join(folder, 'run.json'), 'utf8')).toBe(text);
});
