import { expect, test } from 'vitest';

import { alignEvents } from './clock.ts';
import type { EvidenceRecord } from './record.ts';

const origin: EvidenceRecord = { kind: 'origin', atMs: 0, monotonicMicros: 5_000_000 };
const closed = (arrivedMs: number, at?: number): EvidenceRecord => ({
  kind: 'event',
  atMs: arrivedMs,
  role: 'client',
  event: { event: 'closed', conn: 1, ...(at === undefined ? {} : { at }) },
});

test('stamps of the same clock are taken exactly', () => {
  const { events, errorMs } = alignEvents([origin, closed(10.4, 5_010_000), closed(25, 5_020_000)], 'client');
  expect(events.map(({ atMs }) => atMs)).toEqual([10, 20]);
  expect(errorMs).toBe(0);
});

test('stamps of the same clock are taken exactly however late their lines are read', () => {
  const { events, errorMs } = alignEvents([origin, closed(510, 5_010_000), closed(511, 5_020_000)], 'client');
  expect(events.map(({ atMs }) => atMs)).toEqual([10, 20]);
  expect(errorMs).toBe(0);
});

test('stamps of another clock are moved by the least difference to their arrival', () => {
  const { events, errorMs } = alignEvents([origin, closed(10, 1_000_000), closed(25, 1_012_000)], 'client');
  expect(events.map(({ atMs }) => atMs)).toEqual([10, 22]);
  expect(errorMs).toBeGreaterThan(0);
});

test('stamps of a clock that was read against this one are moved by that, and are as wrong as the reading', () => {
  const clock: EvidenceRecord = { kind: 'clock', atMs: 0, aheadMicros: 900_000_000, errorMs: 1.5 };
  const records = [origin, clock, closed(10.4, 905_010_000), closed(25, 905_020_000)];
  const { events, errorMs } = alignEvents(records, 'client');
  expect(events.map(({ atMs }) => atMs)).toEqual([10, 20]);
  expect(errorMs).toBe(1.5);
});

test('a subject with a clock of its own is aligned by its arrivals, there too', () => {
  const clock: EvidenceRecord = { kind: 'clock', atMs: 0, aheadMicros: 900_000_000, errorMs: 1.5 };
  const { events, errorMs } = alignEvents([origin, clock, closed(10, 1_000_000), closed(25, 1_012_000)], 'client');
  expect(events.map(({ atMs }) => atMs)).toEqual([10, 22]);
  expect(errorMs).toBeGreaterThan(1.5);
});

test('without stamps the arrival counts', () => {
  expect(alignEvents([origin, closed(10), closed(25)], 'client').events.map(({ atMs }) => atMs)).toEqual([10, 25]);
});

test('events of the other role are left out', () => {
  expect(alignEvents([origin, closed(10)], 'server').events).toEqual([]);
});

test('records are aligned anew only when they have grown', () => {
  const records = [origin, closed(10.4, 5_010_000)];
  const first = alignEvents(records, 'client');
  expect(alignEvents(records, 'client')).toBe(first);
  expect(alignEvents(records, 'server').events).toEqual([]);
  records.push(closed(25, 5_020_000));
  expect(alignEvents(records, 'client').events.map(({ atMs }) => atMs)).toEqual([10, 20]);
});
