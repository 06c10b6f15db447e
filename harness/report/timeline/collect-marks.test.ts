import { describe, expect, test } from 'vitest';

import { subjectEventSchema } from '../../contract/event.ts';
import type { EventName, SubjectEvent } from '../../contract/event.ts';
import { recordSchema } from '../../evidence/record.ts';
import type { EvidenceRecord, RecordOf } from '../../evidence/record.ts';
import { wireEventSchema } from '../../evidence/wire-event.ts';
import type { WireEvent, WireEventOf } from '../../evidence/wire-event.ts';
import { sampleEvidence } from '../sample/attempt.ts';
import { collectMarks } from './collect-marks.ts';
import { describeMark, kindOf } from './mark.ts';

const role = 'client';
const on = { conn: 1, direction: 'upstream', offset: 0 } as const;

/** What a record of each kind has beside its kind and its time. */
const RECORDS: { [Kind in EvidenceRecord['kind']]: Omit<RecordOf<Kind>, 'kind' | 'atMs'> } = {
  origin: { monotonicMicros: 0 },
  clock: { aheadMicros: 900_000, errorMs: 1.5 },
  spawned: { role, pid: 1, command: ['node'] },
  event: { role, event: { event: 'done', at: 1 } },
  garbage: { role, line: 'x', problem: 'no JSON' },
  flooded: { role, limit: 10, of: 'lines' },
  'input-ended': { role },
  signalled: { role, signal: 'SIGSTOP', why: 'fault' },
  container: { role, state: 'paused' },
  overdue: { role, limit: 'start', limitMs: 5 },
  exited: { role, status: 0, signal: null },
  round: { round: 'fault' },
  output: { round: 'fault', bytes: 3, sha256: '', begins: 'abc' },
  'left-behind': { role, pids: [3] },
  unstartable: { role, problem: 'no such file' },
  stalled: { process: 'harness', lateMs: 5 },
  reading: { role, moment: 'begun', tookMs: 1, sockets: {}, fds: 3, residentBytes: 1024, cpuMs: 1 },
  'setup-failed': { problem: 'no engine', remedy: 'start it' },
  'left-out': { count: 1234 },
  interrupted: { signal: 'SIGINT' },
  finished: {},
};

const WIRE: { [Kind in WireEvent['kind']]: Omit<WireEventOf<Kind>, 'kind' | 'atMs' | 'seq'> } = {
  listening: {},
  stopped: {},
  dropped: { count: 2 },
  accepted: { conn: 1, clientPort: 1 },
  dialed: { conn: 1, localPort: 1 },
  'dial-failed': { conn: 1, code: 'ECONNREFUSED', message: '' },
  read: { ...on, bytes: 1 },
  wrote: { ...on, bytes: 1 },
  'fin-read': on,
  'fin-wrote': on,
  'rst-read': on,
  'rst-wrote': on,
  effect: { ...on, toxic: 'f1', type: 'swallow', effect: 'swallowed' },
  closed: { conn: 1 },
};

const sha256 = '0'.repeat(64);
const EVENTS: { [Name in EventName]: Omit<Extract<SubjectEvent, { event: Name }>, 'event' | 'at'> } = {
  listening: { port: 1 },
  connecting: { conn: 1, key: 1 },
  unsupported: {},
  connected: { conn: 1, localPort: 1 },
  accepted: { conn: 1, peerPort: 1 },
  sending: { conn: 1, seq: 0, bytes: 1, sha256 },
  sent: { conn: 1, seq: 0 },
  received: { conn: 1, seq: 0, bytes: 1, sha256 },
  heard: { conn: 1 },
  read: { conn: 1, bytes: 1 },
  wrote: { conn: 1, bytes: 1 },
  shutdown: { conn: 1 },
  eof: { conn: 1 },
  failed: { conn: 1, op: 'recv', code: 'reset', message: '' },
  closed: { conn: 1 },
  done: {},
};

const base = sampleEvidence({ scenario: 'a/b', claim: 'c' });
const origin: EvidenceRecord = { kind: 'origin', atMs: 0, monotonicMicros: 0 };

describe('everything that was recorded appears on the time line under its own name', () => {
  test('what the harness saw', () => {
    expect(Object.keys(RECORDS)).toEqual(recordSchema.options.map(({ entries }) => entries.kind.literal));
    for (const [kind, fields] of Object.entries(RECORDS)) {
      if (kind === 'origin' || kind === 'event') continue;
      const record = { kind, atMs: 7, ...fields } as EvidenceRecord;
      const marks = collectMarks({ ...base, wire: [], records: [origin, record] });
      expect(marks.map((mark) => kindOf(mark).name)).toEqual([kind]);
    }
  });

  test('what the proxy saw', () => {
    expect(Object.keys(WIRE)).toEqual(wireEventSchema.options.map(({ entries }) => entries.kind.literal));
    const wire = Object.entries(WIRE).map(
      ([kind, fields], seq) => ({ kind, seq, atMs: seq, ...fields }) as unknown as WireEvent,
    );
    const names = collectMarks({ ...base, wire, records: [origin] }).map((mark) => kindOf(mark).name);
    expect(names).toEqual(Object.keys(WIRE));
  });

  test('what a subject said', () => {
    expect(Object.keys(EVENTS)).toEqual(subjectEventSchema.options.map(({ entries }) => entries.event.literal));
    const records = Object.entries(EVENTS).map(
      ([event, fields], index) =>
        ({
          kind: 'event',
          role,
          atMs: index,
          event: { event, at: index * 1000, ...fields },
        }) as unknown as EvidenceRecord,
    );
    const names = collectMarks({ ...base, wire: [], records: [origin, ...records] }).map((mark) => kindOf(mark).name);
    expect(names).toEqual(Object.keys(EVENTS));
  });
});

test("another machine's clock, a container's state and what was not kept are told in words", () => {
  const told = (kind: 'clock' | 'container' | 'left-out') => {
    const record = { kind, atMs: 7, ...RECORDS[kind] } as EvidenceRecord;
    return collectMarks({ ...base, wire: [], records: [origin, record] }).map(describeMark);
  };
  expect(told('clock')).toEqual(["clock: the subjects' is ahead of the harness's by 900.0 ms, give or take 1.5 ms"]);
  expect(told('container')).toEqual(["container: client is paused, by the engine's word"]);
  expect(told('left-out')).toEqual(['left out: 1,234 records more than are kept']);
});
