import { expect, test } from 'vitest';

import type { Receipt } from '../../evidence/receipt.ts';
import { casesOf } from '../cases.ts';
import { renderCase } from '../render.ts';
import { sampleAttempt } from '../sample/attempt.ts';
import { sampleRun } from '../sample/run.ts';

const FAULTS = 2_000;

test('a sweep of thousands of faults is told in a page of a few, what went wrong first', async () => {
  const made = sampleAttempt({ scenario: 'a/b', claim: 'c', fault: { kind: 'fin' }, verdict: 'fail' });
  const { plan, records } = made.evidence;
  const lastMs = records.at(-1)?.atMs ?? 0;
  const faults = Array.from({ length: FAULTS }, (_, index) => ({ ...plan.faults[0], id: `f${index + 1}` }));
  const receipts = faults.map(({ id }, index): Receipt => {
    const atMs = (lastMs * index) / FAULTS;
    const delivered = { earliestMs: atMs, latestMs: atMs, count: 1, grade: 'self', proof: 'an end' } as const;
    const stamped = { asked: { atMs, request: 'POST' }, acknowledged: { atMs, answer: '200' } };
    return {
      fault: id,
      kind: 'fin',
      ...stamped,
      delivered: id === 'f1999' ? null : delivered,
      lifted: null,
      error: null,
    };
  });
  const evidence = { ...made.evidence, plan: { ...plan, faults }, receipts } as typeof made.evidence;
  const [each] = casesOf(sampleRun([made.result]));
  if (each === undefined) throw new Error('no case');
  const logs = { server: null, client: null };
  const page = await renderCase(each, '7', async (folder) => ({
    folder,
    evidence,
    verdict: made.verdict,
    logs,
    problems: [],
  }));
  expect(page.length).toBeLessThan(256 * 1024);
  expect(page).toContain('<g class="crowd">');
  const [, rows = ''] = /<table class="faults stacks">[\s\S]*?<tbody>([\s\S]*?)<\/tbody>/.exec(page) ?? [];
  expect(/<code>(\w+)<\/code>/.exec(rows)?.[1]).toBe('f1999');
  expect(page.replaceAll(/\s+/g, ' ')).toContain('1,940 more faults in faults.json');
});
