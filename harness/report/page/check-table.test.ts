import { expect, test } from 'vitest';

import { sampleAttempt } from '../sample/attempt.ts';
import { checkTable, instantLink } from './check-table.ts';

const { evidence } = sampleAttempt({ scenario: 'a/b', claim: 'c' });
const eventMs = evidence.records.findLast(({ kind }) => kind === 'exited');
if (eventMs === undefined || !('atMs' in eventMs)) throw new Error('nothing exited');
const link = (atMs: number, actual = 'it failed'): string =>
  instantLink({ atMs, actual }, 'x:1', evidence)?.text.replaceAll(/<[^>]*>/g, '') ?? '';

test('a link to an instant at which nothing happened says that it was a deadline, not that something came then', () => {
  expect(link(eventMs.atMs)).toBe(` at ${eventMs.atMs.toFixed(1)} ms`);
  expect(link(eventMs.atMs + 0.5)).toMatch(/^ \(was due by [\d.]+ ms\)$/);
  expect(link(eventMs.atMs, `it failed at ${eventMs.atMs.toFixed(1)} ms`)).toBe(' show it');
});

test.each([
  [['fail', 'pass'], 'Claims that held'],
  [['fail', 'pass', 'not-checked'], 'Claims that held, and those that were not checked'],
  [['fail', 'not-checked'], 'Claims that were not checked'],
] as const)('of %j the table that is folded away is called what it holds', (outcomes, label) => {
  const { verdict } = sampleAttempt({ scenario: 'a/b', claim: 'c', checks: outcomes.map((outcome) => ({ outcome })) });
  const { text } = checkTable(verdict, 'x:1', evidence);
  expect([...text.matchAll(/role="group" aria-label="([^"]*)"/g)].map(([, name]) => name)).toEqual([
    'Claims that did not hold',
    label,
  ]);
});

test('equal bounds are one, and the tolerance is told beside them, not in them', () => {
  const measured = { valueMs: 3900.9, atLeastMs: 400, atMostMs: 400 };
  const { verdict } = sampleAttempt({ scenario: 'a/b', claim: 'c', checks: [{ outcome: 'fail', measured }] });
  const text = checkTable(verdict, 'x:1', evidence)
    .text.replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\s+/g, ' ');
  expect(text).toContain('3,900.9 ms due after 400.0 ms');
  expect(text).toContain('Bounds stand without their tolerance: 41.5 ms here');
});
