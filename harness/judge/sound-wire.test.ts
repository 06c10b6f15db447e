/**
 * Accounts of a proxy that cannot be come to `unknown`; those that look odd and can be do not.
 */
import { describe, expect, test } from 'vitest';

import type { Evidence } from '../evidence/evidence.ts';
import type { EvidenceRecord } from '../evidence/record.ts';
import type { WireEvent } from '../evidence/wire-event.ts';
import { judge } from './judge.ts';
import { altered, doubled, judgedUnsound, sound, swapped } from './unsound.ts';

type Wire = readonly WireEvent[];

const withWire = (change: (wire: Wire) => Wire): Evidence => {
  const evidence = sound();
  return { ...evidence, wire: change(evidence.wire) };
};
const counted = (wire: Wire): WireEvent[] => wire.map((told, seq) => ({ ...told, seq }));
/** Without the first event of a kind, and nothing in its number to show for it. */
const without = (kind: WireEvent['kind'], wire: Wire): WireEvent[] =>
  counted(wire.filter((told) => told !== wire.find((each) => each.kind === kind)));

describe('the account of the proxy', () => {
  test.each<[string, (wire: Wire) => Wire, string]>([
    ['an event that is missing', (wire) => wire.toSpliced(5, 1), 'some are missing'],
    ['one number for all', (wire) => wire.map((told) => ({ ...told, seq: 0 })), 'comes after event 0'],
    ['two lines in the wrong order', (wire) => swapped(wire, 5), 'some are missing'],
    ['every event twice', (wire) => wire.flatMap((told) => [told, told]), 'comes after event 0'],
    [
      'a clock that goes back',
      (wire) => wire.map((told, at) => ({ ...told, atMs: wire.at(-1 - at)?.atMs ?? 0 })),
      'comes after one at',
    ],
    ['a time that is not in the attempt', altered('closed', { atMs: 1e300 }), 'after the attempt'],
    ['times before the attempt', (wire) => wire.map((told) => ({ ...told, atMs: -1e9 })), 'before the attempt'],
    [
      'more bytes handed on than read',
      (wire) => wire.map((told) => (told.kind === 'wrote' ? { ...told, bytes: 2 ** 50 } : told)),
      'had been read',
    ],
    [
      'more bytes than can be counted',
      (wire) => wire.map((told) => ('bytes' in told ? { ...told, bytes: 2 ** 53 - 1 } : told)),
      'and the one before ended at',
    ],
    [
      'bytes handed on before they were read',
      (wire) => wire.map((told) => (told.kind === 'wrote' ? { ...told, atMs: told.atMs - 1 } : told)),
      'hands on bytes that were read at',
    ],
    ['bytes that are left out', (wire) => without('read', wire), 'had been read'],
    ['an end at another byte', altered('fin-wrote', { offset: 1 }), 'is at byte 1'],
    ['bytes after an end', (wire) => counted(doubled('fin-wrote', wire)), 'after the end of its direction'],
    [
      'events after the close',
      (wire) =>
        counted([
          ...wire.slice(0, 2),
          ...wire.slice(-2, -1).map((told) => ({ ...told, atMs: wire[2]?.atMs ?? 0 })),
          ...wire.slice(2),
        ]),
      'after the connection was closed',
    ],
    ['a connection from nowhere', (wire) => without('accepted', wire), 'before the connection was accepted'],
    ['a connection that comes twice', (wire) => counted(doubled('accepted', wire)), 'second of its kind'],
    ['a connection dialed twice', (wire) => counted(doubled('dialed', wire)), 'dialed before'],
    ['a connection left open', (wire) => without('closed', wire), 'was not closed'],
    [
      'a proxy that had stopped',
      ([first, ...rest]) =>
        counted([...(first === undefined ? [] : [first, { ...first, kind: 'stopped' as const }]), ...rest]),
      'after the proxy stopped',
    ],
  ])('%s', (_title, change, why) => {
    expect(judgedUnsound(withWire(change))).toContain(why);
  });

  test('may begin at any number, stamp bytes later than it tells them, and be enabled again', () => {
    const { wire } = sound();
    const [first] = wire;
    const paused: Wire = [
      { kind: 'listening', seq: 0, atMs: 1 },
      { kind: 'stopped', seq: 1, atMs: 1 },
    ];
    expect(first).toBeDefined();
    expect(judge(withWire((all) => all.map((told) => ({ ...told, seq: told.seq + 1000 })))).verdict).toBe('pass');
    expect(judge(withWire((all) => counted([...paused, ...all]))).verdict).toBe('pass');
  });

  test('of a composed cell may skip what it did for others', () => {
    const evidence = withWire((wire) => wire.map((told) => ({ ...told, seq: told.seq * 3 })));
    expect(judgedUnsound(evidence)).toContain('some are missing');
    expect(judge({ ...evidence, plan: { ...evidence.plan, cell: 'compose' } }).verdict).toBe('pass');
  });

  test('may be off by the error with which its clock was read', () => {
    const late = withWire(altered('stopped', { atMs: 150 }));
    const clock: EvidenceRecord = { kind: 'clock', aheadMicros: 0, errorMs: 100, atMs: 1 };
    expect(judgedUnsound(late)).toContain('after the attempt');
    expect(judge({ ...late, records: late.records.toSpliced(1, 0, clock) }).verdict).toBe('pass');
  });

  test('beside real Toxiproxy is told by two, and the effects last', () => {
    const evidence = withWire((wire) => {
      const effects = wire.filter((told) => told.kind === 'effect');
      const rest = wire.filter((told) => told.kind !== 'effect' && told.kind !== 'stopped');
      const stopped = wire.filter((told) => told.kind === 'stopped').map((told) => ({ ...told, seq: 0 }));
      return [...counted([...rest, ...effects]), ...stopped];
    });
    expect(judge({ ...evidence, plan: { ...evidence.plan, proxy: 'toxiproxy' } }).verdict).toBe('pass');
    expect(judgedUnsound(evidence)).toContain('effect of connection 1');
    const wire = evidence.wire.filter(({ kind }) => kind !== 'read');
    expect(judgedUnsound({ ...evidence, wire, plan: { ...evidence.plan, proxy: 'toxiproxy' } })).toContain(
      'had been read',
    );
  });
});
