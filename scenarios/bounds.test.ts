/**
 * Every failure that a scenario expects has its time, from both sides: too late is a failure not noticed, too soon a
 * limit not kept.
 */
import { expect, test } from 'vitest';

import { loadCatalogue } from '../harness/suite/catalogue.ts';

/** Failures that nobody tells of: a side finds them by waiting, so that none of them can come at once. */
const BY_WAITING: ReadonlySet<string> = new Set(['timeout', 'dead-peer']);

/** Whoever is told needs no longer than this, on a host that has two thousand connections to serve. */
const TOLD_WITHIN_MS = 3000;

const catalogue = await loadCatalogue();
const failures = catalogue.flatMap(({ id, scenario }) =>
  scenario.expect.flatMap((each) => (each.kind === 'fails' ? [{ id, ...each }] : [])),
);

test('there are scenarios that expect a failure', () => {
  expect(failures.length).toBeGreaterThan(100);
});

test.for(failures)('$id bounds the time of $role $codes', ({ within, codes }) => {
  if (within === undefined) throw new Error('a failure is expected, at any time');
  const { atLeastMs, atMostMs } = within;
  expect(atMostMs).toBeGreaterThan(atLeastMs);
  // Whoever is told may notice at once, and then soon; whoever waits has waited.
  const isTold = codes.some((code) => !BY_WAITING.has(code));
  expect(atLeastMs > 0 || (isTold && atMostMs <= TOLD_WITHIN_MS)).toBe(true);
});
