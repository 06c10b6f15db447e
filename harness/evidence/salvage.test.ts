import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { cleanExchange } from '../judge/history.ts';
import { attemptFolder } from './folder.ts';
import { salvage } from './salvage.ts';
import { unjudged } from './unjudged.ts';

test('tries of one result are one result, told by its last, and repetitions are results of their own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-salvage-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { plan } = cleanExchange().evidence();
  const leave = async (repetition: number, number: number, verdict: 'pass' | 'unknown' | null): Promise<string> => {
    const path = attemptFolder(plan, repetition, number);
    await mkdir(join(folder, path), { recursive: true });
    await writeFile(join(folder, path, 'plan.json'), JSON.stringify(plan));
    const judged = verdict === null ? '' : JSON.stringify(unjudged({ verdict, reason: verdict, unknownReason: null }));
    await writeFile(join(folder, path, 'verdict.json'), judged);
    return path;
  };
  await leave(1, 1, 'unknown');
  const second = await leave(1, 2, 'pass');
  const other = await leave(2, 1, null);
  const { results, seed, problems } = await salvage(folder);
  const told = results.map(({ repetition, verdict, evidence, attempts }) => [
    repetition,
    verdict,
    evidence,
    attempts.map((attempt) => attempt.verdict),
  ]);
  expect(told).toEqual([
    [1, 'pass', second, ['unknown', 'pass']],
    [2, 'interrupted', other, ['interrupted']],
  ]);
  expect({ seed, problems }).toEqual({ seed: plan.seed, problems: [] });
});

test('an attempt whose plan cannot be read is told by its place, as unknown', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-salvage-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { plan } = cleanExchange().evidence();
  const torn = attemptFolder({ ...plan, scenario: 'framing/torn', client: 'python' }, 2, 1);
  const without = attemptFolder({ ...plan, scenario: 'framing/without' }, 1, 1);
  await mkdir(join(folder, torn), { recursive: true });
  await mkdir(join(folder, without), { recursive: true });
  await mkdir(join(folder, 'scenarios/no/attempt'), { recursive: true });
  await writeFile(join(folder, torn, 'plan.json'), '{"schema":');
  await writeFile(join(folder, without, 'events.jsonl'), '');
  await writeFile(join(folder, 'scenarios/no/attempt/plan.json'), '');
  const { results, seed, problems } = await salvage(folder);
  expect(results).toMatchObject([
    { scenario: 'framing/torn', client: 'python', server: plan.server, cell: 'local', proxy: 'wire', repetition: 2 },
    { scenario: 'framing/without', verdict: 'unknown', unknownReason: 'evidence-incomplete', evidence: without },
  ]);
  expect(results[0]?.reason).toMatch(/^its evidence cannot be read: plan\.json cannot be read: /);
  expect({ seed, problems: problems.length }).toEqual({ seed: null, problems: 3 });
});
