import { expect, test } from 'vitest';

import type { Result } from '../../evidence/run.ts';
import { casesOf } from '../cases.ts';
import { renderCase } from '../render.ts';
import { sampleAttempt } from '../sample/attempt.ts';
import { sampleRun } from '../sample/run.ts';

const made = sampleAttempt({ scenario: 'a/b', claim: 'c' });

function repetition(number: number, verdict: Result['verdict']): Result {
  const evidence = `scenarios/a/b/${number}`;
  const attempts = made.result.attempts.map((attempt) => ({ ...attempt, verdict, evidence }));
  return { ...made.result, repetition: number, verdict, attempts, evidence };
}

async function rendered(verdicts: readonly Result['verdict'][]): Promise<{ page: string; read: string[] }> {
  const [each] = casesOf(sampleRun(verdicts.map((verdict, index) => repetition(index + 1, verdict))));
  if (each === undefined) throw new Error('no case');
  const read: string[] = [];
  const page = await renderCase(each, '7', async (folder) => {
    read.push(folder);
    const { evidence, verdict } = made;
    return { folder, evidence, verdict, logs: { server: null, client: null }, problems: [] };
  });
  return { page, read };
}

test('repetitions that pass are rows that lead to their files, and only the first of them is read and drawn', async () => {
  const { page, read } = await rendered(['pass', 'pass', 'pass']);
  expect(read).toEqual(['scenarios/a/b/1']);
  expect(page.match(/data-timeline/g)).toHaveLength(1);
  expect([...page.matchAll(/<a\s+href="([^"]*)"\s*>(fault(?:, [^<]*)?)</g)].map(([, to, name]) => [name, to])).toEqual([
    ['fault', '#a/b/local-wire/node+node:1'],
    ['fault, repetition 2', 'scenarios/a/b/2/verdict.json'],
    ['fault, repetition 3', 'scenarios/a/b/3/verdict.json'],
  ]);
});

test('an attempt without a verdict of its own has the badge that its row has', async () => {
  const attempt = { verdict: 'setup-error' as const, reason: 'it said nothing', durationMs: 3 };
  const attempts = [1, 2].map((number) => ({ ...attempt, evidence: `scenarios/a/b/${number}` }));
  const evidence = attempts[1]?.evidence ?? null;
  const [each] = casesOf(sampleRun([{ ...made.result, verdict: 'setup-error', attempts, evidence }]));
  if (each === undefined) throw new Error('no case');
  const page = await renderCase(each, '7', (folder) =>
    Promise.resolve({ folder, evidence: null, verdict: null, logs: { server: null, client: null }, problems: [] }),
  );
  expect(page.match(/class="attempt-name"><span class="badge v-setup-error"/g)).toHaveLength(2);
  expect(page).not.toContain('not-run');
});

test('each repetition that does not pass is drawn, and one that passes beside them', async () => {
  const { read } = await rendered(['pass', 'fail', 'pass', 'fail']);
  expect(read).toEqual(['scenarios/a/b/2', 'scenarios/a/b/1', 'scenarios/a/b/4']);
});
