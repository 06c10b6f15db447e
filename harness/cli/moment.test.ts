import { expect, test } from 'vitest';

import type { SubjectEvent } from '../contract/event.ts';
import type { Role } from '../contract/words.ts';
import type { EvidenceRecord } from '../evidence/record.ts';
import type { WireEvent } from '../evidence/wire-event.ts';
import type { Direction } from '../scenario/fault.ts';
import { momentLines } from './moment.ts';
import type { Broken } from './moment.ts';

const claim = (more: Partial<Broken>): Broken => ({ name: 'detected', expected: '', actual: '', atMs: 0, ...more });
const said = (atMs: number, role: Role, event: object): EvidenceRecord =>
  ({ kind: 'event', role, atMs, event: event as SubjectEvent }) as const;
const piece = (atMs: number, conn: number, offset: number, direction: Direction = 'upstream'): WireEvent => ({
  kind: 'read',
  seq: 0,
  atMs,
  conn,
  direction,
  offset,
  bytes: 4,
});
const failed = (atMs: number, conn: number): EvidenceRecord =>
  said(atMs, 'client', { event: 'failed', conn, op: 'recv', code: 'timeout', message: '' });
const texts = (told: Parameters<typeof momentLines>[0], broken: Broken): string[] =>
  momentLines(told, broken).map(({ text }) => text);

test('a moment at which nothing happened has a line of its own, and what the fault did and the failure stand by it', () => {
  const records: EvidenceRecord[] = [
    { kind: 'signalled', role: 'server', atMs: 421.9, signal: 'SIGSTOP', why: 'fault' },
    failed(4321.3, 1),
  ];
  const wire = Array.from({ length: 400 }, (_, index) => piece(430 + index * 9, 1, index * 4));
  const told = { records, wire };
  expect(texts(told, claim({ atMs: 895.3, actual: 'client connection 1 failed with timeout' }))).toEqual([
    '        421.9 ms  server  SIGSTOP from the harness',
    '        430.0 ms  proxy   52 reads and writes, until 889.0 ms',
    '  ▸     895.3 ms  claim   detected was to hold by now',
    '        898.0 ms  proxy   348 reads and writes, until 4021.0 ms',
    '       4321.3 ms  client  failed  conn 1  op recv  code timeout',
  ]);
  const { length } = texts({ records, wire: [] }, claim({ atMs: 895.3 }));
  expect(length).toBe(3);
});

test('what is told from afar stands apart from what is near', () => {
  const sendings = Array.from({ length: 40 }, (_, seq) =>
    said(500 + seq * 10, 'client', { event: 'sending', conn: 1, seq, bytes: 8, sha256: 'x' }),
  );
  const lines = texts({ records: [...sendings, failed(4000, 1)], wire: [] }, claim({ atMs: 560 }));
  expect(lines.filter((line) => line.trim() === '…')).toHaveLength(1);
  expect(lines.at(-1)).toContain('failed');
  expect(lines.filter((line) => line.startsWith('  ▸ '))).toEqual([expect.stringContaining('seq 6')]);
});

test('of many connections only the one that the claim is about is told', () => {
  const records = [1, 2, 3].flatMap((conn) => [
    said(100, 'client', { event: 'connected', conn, localPort: 50_000 + conn }),
    said(120, 'client', { event: 'received', conn, seq: 0, bytes: 8, sha256: 'x' }),
  ]);
  // The proxy took them in another order.
  const wire = [3, 1, 2].flatMap((client, index): WireEvent[] => [
    { kind: 'accepted', seq: 0, atMs: 99, conn: index + 1, clientPort: 50_000 + client },
    piece(119, index + 1, 100 * client),
  ]);
  const lines = texts({ records, wire }, claim({ atMs: 120, expected: 'client connection 2 receives nothing' }));
  expect(lines).toEqual([
    '         99.0 ms  proxy   accepted',
    '        100.0 ms  client  connected  conn 2  localPort 50002',
    '        119.0 ms  proxy   read at byte 200 upstream, 4 bytes',
    '  ▸     120.0 ms  client  received  conn 2  seq 0  bytes 8',
  ]);
  const later = [...records, failed(130, 3)];
  const unnamed = texts({ records: later, wire }, claim({ atMs: 130, actual: 'one failed' }));
  expect(unnamed.filter((line) => /conn [12]/.test(line))).toEqual([]);
  expect(unnamed).toContain('        119.0 ms  proxy   read at byte 300 upstream, 4 bytes');
});

test('a fault that bites at every byte is told once from afar', () => {
  const bites = Array.from({ length: 50 }, (_, offset): WireEvent => {
    const flow = { conn: 1, direction: 'downstream', offset } as const;
    return { kind: 'effect', seq: 0, atMs: 100 + offset, toxic: 'f1', type: 'latency', effect: 'delayed', ...flow };
  });
  const lines = texts({ records: [failed(900, 1)], wire: bites }, claim({ atMs: 900 }));
  expect(lines).toEqual([
    '        100.0 ms  proxy   f1: delayed at byte 0 downstream',
    '        101.0 ms  proxy   49 more times f1: delayed, until 149.0 ms',
    '  ▸     900.0 ms  client  failed  conn 1  op recv  code timeout',
  ]);
});

test('an end that the harness made is told to be its own on the small time line', () => {
  const base = { role: 'server', atMs: 5000 } as const;
  const records = [
    { ...base, kind: 'signalled', signal: 'SIGKILL', why: 'overdue' },
    { ...base, kind: 'exited', status: null, signal: 'SIGKILL' },
  ] as const;
  const told = momentLines({ records: [...records], wire: [] }, claim({ atMs: 5000 })).map(({ text }) => text);
  expect(told.at(-1)).toMatch(/server {2}exited, SIGKILL from the harness$/);
});
