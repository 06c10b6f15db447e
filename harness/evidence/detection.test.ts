import { expect, test } from 'vitest';

import { detectionTable } from './detection.ts';
import type { Encounter, Witness } from './detection.ts';

const encounter = (change: Partial<Encounter>): Encounter => ({
  role: 'client',
  death: 'reset',
  connections: 1,
  unnoticed: 0,
  noticedMs: 10,
  releasedMs: 11,
  servedMs: null,
  ...change,
});

const witness = (encounters: Encounter[], change: Partial<Witness> = {}): Witness => ({
  server: 'node',
  client: 'python',
  verdict: 'pass',
  encounters,
  ...change,
});

test('there is a row for each subject, role and death, with the spread of its times', () => {
  const table = detectionTable([
    witness([encounter({ noticedMs: 30 }), encounter({ role: 'server', noticedMs: 5, servedMs: 80 })]),
    witness([encounter({ noticedMs: 10 })]),
    witness([encounter({ noticedMs: 20 }), encounter({ death: 'fin' })], { verdict: 'fail' }),
  ]);
  expect(table.map(({ subject, role, death, met }) => [subject, role, death, met])).toEqual([
    ['node', 'server', 'reset', 1],
    ['python', 'client', 'fin', 1],
    ['python', 'client', 'reset', 3],
  ]);
  expect(table[2]).toMatchObject({
    unnoticed: 0,
    noticed: { count: 3, leastMs: 10, medianMs: 20, mostMs: 30 },
    served: null,
  });
  expect(table[0]?.served).toEqual({ count: 1, leastMs: 80, medianMs: 80, mostMs: 80 });
});

test('what went unnoticed is counted, and has no time', () => {
  const [row] = detectionTable([
    witness([encounter({ unnoticed: 1, noticedMs: null, releasedMs: null })]),
    witness([encounter({ unnoticed: 2, connections: 3, noticedMs: 7 })]),
  ]);
  expect(row).toMatchObject({ met: 2, unnoticed: 2, noticed: { count: 1, mostMs: 7 }, released: { count: 1 } });
});

test('attempts that prove nothing tell nothing', () => {
  expect(
    detectionTable([witness([encounter({})], { verdict: 'unknown' }), { ...witness([]), encounters: undefined }]),
  ).toEqual([]);
});
