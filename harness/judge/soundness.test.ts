/**
 * Records and receipts that cannot be: whatever is wrong with them, it comes to `unknown`, and neither to a pass nor to a fail.
 */
import { describe, expect, test } from 'vitest';

import { ROLES } from '../contract/words.ts';
import type { Receipt } from '../evidence/receipt.ts';
import { CONTAINER_STATES } from '../evidence/record.ts';
import type { EvidenceRecord } from '../evidence/record.ts';
import { cleanExchange, history } from './history.ts';
import { judge } from './judge.ts';
import { altered, doubled, judgedUnsound, sound, swapped } from './unsound.ts';

type Records = readonly EvidenceRecord[];

const withRecords = (change: (records: Records) => Records) => {
  const evidence = sound();
  return { ...evidence, records: change(evidence.records) };
};
/** A record more, at the time of the one whose place it takes. */
const added = (index: number, record: EvidenceRecord): ((records: Records) => Records) => {
  return (records) => records.toSpliced(index, 0, { ...record, atMs: records[index]?.atMs ?? 0 });
};

test('sound evidence is judged', () => {
  expect(judge(sound()).verdict).toBe('pass');
  expect(judge(cleanExchange().evidence()).verdict).toBe('pass');
});

describe('the records of the harness', () => {
  const middle = 10;
  const reading = {
    kind: 'reading',
    role: 'server',
    tookMs: 0,
    sockets: {},
    fds: 9,
    residentBytes: 9,
    cpuMs: 0,
  } as const;
  test.each<[string, (records: Records) => Records, string]>([
    [
      'a clock that goes back',
      (all) => all.map((one, at) => ({ ...one, atMs: one.atMs - (at < middle ? 0 : 5) })),
      'comes after one at',
    ],
    ['a clock that stands still', (all) => all.map((one) => ({ ...one, atMs: 0 })), 'no time passes'],
    ['a time before the beginning', altered('origin', { atMs: -1 }), 'the record of origin at -1 ms'],
    ['a time that no attempt reaches', altered('finished', { atMs: 1e300 }), 'after the beginning'],
    ['a time that is none', altered('finished', { atMs: Number.NaN }), 'the record of finished at NaN ms'],
    ['two lines in the wrong order', (all) => swapped(all, middle), 'comes after one at'],
    [
      'a beginning that is not the first',
      (all) => altered<EvidenceRecord>('origin', { atMs: 2 })(swapped(all, 0)),
      'not the first',
    ],
    ['two beginnings', added(middle, { kind: 'origin', atMs: 0, monotonicMicros: 7 }), 'two records of origin'],
    ['an end before there is one', added(middle, { kind: 'finished', atMs: 0 }), 'two records of finished'],
    [
      'a start after the end',
      (all) => [...all, { kind: 'round', round: 'after', atMs: 1e6 }],
      'comes before one of round',
    ],
    [
      'two starts of one role',
      added(middle, { kind: 'spawned', role: 'client', pid: 1, command: [], atMs: 0 }),
      'while it runs',
    ],
    [
      'an exit and a second start',
      (all) => [
        ...all.slice(0, -1),
        { kind: 'spawned', role: 'client', pid: 1, command: [], atMs: 1e6 },
        { kind: 'exited', role: 'client', status: 0, signal: null, atMs: 1e6 },
        { kind: 'finished', atMs: 1e6 },
      ],
      'the client is started twice',
    ],
    ['two exits of one role', (all) => doubled('exited', all), 'exits without running'],
    [
      'words of a role that is not started yet',
      added(1, { kind: 'garbage', role: 'client', line: '', problem: '', atMs: 0 }),
      "before the client's start",
    ],
    [
      'a stall of less than nothing',
      added(middle, { kind: 'stalled', process: 'harness', lateMs: -1, atMs: 0 }),
      'a stall of -1 ms',
    ],
    [
      'a stall without end',
      added(middle, { kind: 'stalled', process: 'client', lateMs: 1e308, atMs: 0 }),
      'a stall of 1e+308 ms',
    ],
    ['a clock nobody has', added(1, { kind: 'clock', aheadMicros: 1e300, errorMs: 1, atMs: 0 }), 'a clock that is'],
    [
      'two clocks',
      (all) => {
        const clock = added(1, { kind: 'clock', aheadMicros: 1, errorMs: 1, atMs: 0 });
        return clock(clock(all));
      },
      'two records of clock',
    ],
    [
      'more bytes than a machine has',
      added(middle, { ...reading, moment: 'begun', residentBytes: 2 ** 53, atMs: 0 }),
      'the server held',
    ],
    [
      'less than no descriptors',
      added(middle, { ...reading, moment: 'begun', fds: -1, atMs: 0 }),
      'the server held -1',
    ],
    [
      'more time on a core than has passed',
      added(middle, { ...reading, moment: 'begun', cpuMs: 1e15, atMs: 0 }),
      'ms on a core',
    ],
    [
      'two readings of one moment',
      (all) =>
        added(middle, { ...reading, moment: 'begun', atMs: 0 })(
          added(middle, { ...reading, moment: 'begun', atMs: 0 })(all),
        ),
      'was read twice',
    ],
    [
      'no word of the server',
      (all) => all.filter((one) => !('role' in one && one.role === 'server')),
      'no record of the server',
    ],
    [
      'no word of the client',
      (all) => all.filter((one) => !('role' in one && one.role === 'client')),
      'no record of the client',
    ],
    [
      'no word of the client but what was done to its container',
      (all) =>
        added(middle, { kind: 'container', role: 'client', state: 'detached', atMs: 0 })(
          all.filter((one) => !('role' in one && one.role === 'client')),
        ),
      'no record of the client',
    ],
    ['no word of either', (all) => all.filter((one) => !('role' in one)), 'no record of the server'],
  ])('%s', (_title, change, why) => {
    expect(judgedUnsound(withRecords(change))).toContain(why);
  });

  test('what was done to a container is judged as if nobody had told of it, wherever it stands', () => {
    const evidence = sound();
    const { records } = evidence;
    const told = records.flatMap((record): EvidenceRecord[] => [
      record,
      ...CONTAINER_STATES.flatMap((state) =>
        ROLES.map((role) => ({ kind: 'container', role, state, atMs: record.atMs }) as const),
      ),
    ]);
    expect(told.length).toBeGreaterThan(10 * records.length);
    // That check alone says how many records there are.
    const judged = (of: typeof evidence) => {
      const { checks, ...verdict } = judge(of);
      return { ...verdict, checks: checks.map((check) => (check.name === 'evidence' ? check.outcome : check)) };
    };
    expect(judged({ ...evidence, records: told })).toEqual(judged(evidence));
  });

  test('a server that left before its client came has no client, and that is known', () => {
    const story = history();
    story.records.splice(3);
    const { checks } = judge(story.exits('server', 1).record({ kind: 'finished' }).asItIs());
    expect(checks.find(({ name }) => name === 'evidence')?.outcome).toBe('pass');
  });
});

describe('a receipt', () => {
  const delivered = { earliestMs: 20, latestMs: 21, count: 1, grade: 'self', proof: 'told so' } as const;
  test.each<[string, Partial<Receipt>, string]>([
    ['of what nobody asked for', { asked: null, acknowledged: null }, 'without being asked for'],
    ['of an answer before the question', { asked: { atMs: 9, request: '' } }, 'it was acknowledged at 2 ms'],
    [
      'of an effect before it was asked for',
      { asked: { atMs: 30, request: '' }, acknowledged: null, delivered },
      'its effect came at the earliest at 20 ms',
    ],
    [
      'of an effect that ends before it begins',
      { delivered: { ...delivered, latestMs: 3 } },
      'its effect came at the latest at 3 ms',
    ],
    ['of more effects than can be counted', { delivered: { ...delivered, count: 1e300 } }, 'it had 1e+300 effects'],
    ['of an effect after the attempt', { delivered: { ...delivered, latestMs: 1e300 } }, 'which is not in the attempt'],
    [
      'of a lift before it was to be lifted',
      { lifted: { askedAtMs: 25, acknowledgedAtMs: 24 } },
      'it was lifted at 24 ms',
    ],
    [
      'of an effect after it was lifted',
      { delivered: { ...delivered, earliestMs: 24, latestMs: 24 }, lifted: { askedAtMs: 20, acknowledgedAtMs: 21 } },
      'it was lifted at 21 ms',
    ],
    [
      'of a lift before it was asked for',
      { lifted: { askedAtMs: 0.5, acknowledgedAtMs: null } },
      'it was to be lifted at 0.5 ms',
    ],
  ])('%s', (_title, change, why) => {
    const evidence = sound();
    const receipts = evidence.receipts.map((receipt) => ({ ...receipt, ...change }));
    expect(judgedUnsound({ ...evidence, receipts })).toContain(why);
  });
});
