import { expect, test } from 'vitest';

import { sampleAttempt } from '../sample/attempt.ts';
import { planTable } from './plan-table.ts';

const { plan } = sampleAttempt({ scenario: 'a/b', claim: 'c' }).evidence;
const wordsOf = (own: typeof plan): string => planTable(own).text.replaceAll(/<[^>]*>/g, ' ');

test("a plan tells which clocks the kernel had, where that was anybody's choice", () => {
  expect(wordsOf(plan)).not.toContain('clocks');
  expect(wordsOf({ ...plan, kernel: 'fast' })).toMatch(/Kernel\s+fast clocks/);
});
