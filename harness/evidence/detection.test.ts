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
  servedMs: 12,
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
  });
  expect(table[0]?.served).toEqual({ count: 1, leastMs: 80, medianMs: 80, mostMs: 80 });
});

test('what went unnoticed is counted, and has no time', () => {
  const [row] = detectionTable([
    witness([encounter({ unnoticed: 1, noticedMs: null, releasedMs: null })]),
    witness([encounter({ noticedMs: 7 })]),
  ]);
  expect(row).toMatchObject({ met: 2, unnoticed: 1, noticed: { count: 1, mostMs: 7 }, released: { count: 1 } });
});

test('what never came is counted, and is longer than any time in the median', () => {
  const times = [20, null, null, null].map((servedMs) => witness([encounter({ servedMs, releasedMs: servedMs })]));
  const [row] = detectionTable(times);
  const spread = { count: 1, leastMs: 20, medianMs: null, mostMs: 20 };
  expect(row).toMatchObject({ met: 4, unserved: 3, served: spread, unreleased: 3, released: spread });
  const [better] = detectionTable([...times, ...[30, 40, 50].map((servedMs) => witness([encounter({ servedMs })]))]);
  expect(better).toMatchObject({ unserved: 3, served: { count: 4, leastMs: 20, medianMs: 50, mostMs: 50 } });
});

test('where no service was due none is missed', () => {
  const { servedMs: _, ...none } = encounter({});
  expect(detectionTable([witness([none])])[0]).toMatchObject({ unserved: 0, served: null });
  const [mixed] = detectionTable([witness([none]), witness([encounter({ servedMs: 80 })])]);
  expect(mixed).toMatchObject({ met: 2, unserved: 0, served: { count: 1, medianMs: 80 } });
});

test('attempts that prove nothing tell nothing', () => {
  expect(
    detectionTable([witness([encounter({})], { verdict: 'unknown' }), { ...witness([]), encounters: undefined }]),
  ).toEqual([]);
});
