/**
 * What a pair's runs without faults are measured by, from hand-written evidence.
 */
import { expect, test } from 'vitest';

import type { PlainEvidence } from '../evidence/evidence.ts';
import type { EvidenceRecord, Round } from '../evidence/record.ts';
import type { WireEvent } from '../evidence/wire-event.ts';
import { measure } from './plain-plan.ts';

function round(name: Round, atMs: number): EvidenceRecord[] {
  return [
    { kind: 'round', atMs, round: name },
    { kind: 'exited', atMs: atMs + 50, role: 'client', status: 0, signal: null },
    { kind: 'output', atMs: atMs + 51, round: name, bytes: 5, sha256: 'aa', begins: '' },
  ];
}

function connection(conn: number, atMs: number, downstream: number, ends: 'fin-read' | 'rst-read'): WireEvent[] {
  return [
    { kind: 'accepted', seq: 0, atMs, conn, clientPort: 1 },
    { kind: 'wrote', seq: 0, atMs, conn, direction: 'upstream', offset: 0, bytes: 10 },
    { kind: 'wrote', seq: 0, atMs: atMs + 1, conn, direction: 'downstream', offset: 0, bytes: downstream },
    { kind: ends, seq: 0, atMs: atMs + 2, conn, direction: 'upstream', offset: 10 },
  ];
}

const least = (wire: WireEvent[]) => {
  const records = [...round('control', 10), ...round('control-again', 1000)];
  return measure({ records, wire } as unknown as PlainEvidence, 'control/1')?.least;
};

test('the least of two runs is what is due, of all connections of a run together', () => {
  const first = [...connection(1, 11, 60, 'fin-read'), ...connection(2, 12, 42, 'fin-read')];
  const second = connection(3, 1001, 100, 'fin-read');
  expect(least([...first, ...second])).toEqual({ connections: 1, upstreamBytes: 10, downstreamBytes: 100 });
});

test('what is handed on after the client has ended is not counted', () => {
  const late: WireEvent = { kind: 'wrote', seq: 0, atMs: 70, conn: 1, direction: 'downstream', offset: 60, bytes: 9 };
  const wire = [...connection(1, 11, 60, 'fin-read'), late, ...connection(2, 1001, 100, 'fin-read')];
  expect(least(wire)?.downstreamBytes).toBe(60);
});

test('a client that ends by a reset leaves something unread, and no answer is due', () => {
  const wire = [...connection(1, 11, 60, 'rst-read'), ...connection(2, 1001, 60, 'fin-read')];
  expect(least(wire)).toEqual({ connections: 1, upstreamBytes: 10, downstreamBytes: null });
});
