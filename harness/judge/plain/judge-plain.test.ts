/**
 * Verdicts on hand-written evidence of plain pairs: good, bad, and not enough of it.
 */
import { describe, expect, test } from 'vitest';

import type { PlainEvidence } from '../../evidence/evidence.ts';
import type { PlainPlan } from '../../evidence/plan.ts';
import type { EvidenceRecord, Round } from '../../evidence/record.ts';
import type { WireEvent } from '../../evidence/wire-event.ts';
import { judgePlain } from './judge-plain.ts';

const WHOLE = { bytes: 5, sha256: 'aa' };
/** A pair of which nothing is due on the wire. */
const NOTHING = { connections: 0, upstreamBytes: 0, downstreamBytes: 0 };
const BOUND_MS = 1000;

function plan(expected: PlainPlan['plain']['client']['expect'], variant: PlainPlan['variant'] = 'fault'): PlainPlan {
  const faults: PlainPlan['faults'] =
    variant === 'control'
      ? []
      : [{ kind: 'fin', id: 'f1', direction: 'downstream', at: 3, when: { on: 'before-connect' } }];
  return {
    schema: 1,
    scenario: 'plain/a',
    claim: 'A claim of a plain pair',
    source: { passage: 'HOWTO, Using a Socket', requires: 'something of a program' },
    variant,
    seed: '1',
    cell: 'local',
    proxy: 'wire',
    server: 's',
    client: 'c',
    faults,
    scenarioFaults: faults.map(({ id }) => [id]),
    limits: { startMs: 0, exchangeMs: BOUND_MS, settleMs: 0, graceMs: 0 },
    waitsMs: 0,
    plain: {
      client: { expect: expected, succeedsWith: [0], failsWith: [7, 28], output: 'same', answer: 'whole' },
      control: variant === 'control' ? null : { evidence: 'control/1', output: WHOLE, least: NOTHING },
    },
  };
}

interface Run {
  readonly status?: number;
  readonly signal?: string;
  readonly output?: { readonly bytes: number; readonly sha256: string };
  readonly overdue?: boolean;
  readonly leftBehind?: number[];
}

/** What a client's run leaves on record. */
function round(name: Round, fromMs: number, run: Run = {}): EvidenceRecord[] {
  const endMs = run.overdue === true ? fromMs + BOUND_MS : fromMs + 50;
  const { status = 0, signal = null, output = WHOLE, leftBehind } = run;
  return [
    { kind: 'round', atMs: fromMs, round: name },
    { kind: 'spawned', atMs: fromMs, role: 'client', pid: 2, command: ['c'] },
    ...(run.overdue === true
      ? [{ kind: 'overdue', atMs: endMs, role: 'client', limit: 'exchange', limitMs: BOUND_MS } as const]
      : []),
    { kind: 'exited', atMs: endMs, role: 'client', status: signal === null ? status : null, signal },
    ...(leftBehind === undefined
      ? []
      : [{ kind: 'left-behind', atMs: endMs, role: 'client', pids: leftBehind } as const]),
    { kind: 'output', atMs: endMs, round: name, begins: 'x', ...output },
  ];
}

const reading = (moment: 'begun' | 'settled', atMs: number, sockets: Record<string, number>): EvidenceRecord => ({
  kind: 'reading',
  atMs,
  role: 'server',
  moment,
  tookMs: 1,
  sockets: { LISTEN: 1, ...sockets },
  fds: 10,
  residentBytes: 1000,
  cpuMs: 1,
});

type Told = WireEvent extends infer Each ? (Each extends WireEvent ? Omit<Each, 'seq' | 'atMs'> : never) : never;

/** One connection of the first client, as the proxy tells it, with what happens on it. */
function wireOf(between: readonly Told[]): WireEvent[] {
  const story: Told[] = [
    { kind: 'listening' },
    { kind: 'accepted', conn: 1, clientPort: 40_001 },
    { kind: 'dialed', conn: 1, localPort: 50_001 },
    ...between,
    { kind: 'closed', conn: 1 },
    { kind: 'stopped' },
  ];
  const atMs: Partial<Record<Told['kind'], number>> = { listening: 6, stopped: 3800 };
  return story.map((told, seq) => ({ ...told, seq, atMs: atMs[told.kind] ?? 20 }));
}

function byTime(records: readonly EvidenceRecord[]): EvidenceRecord[] {
  return records.toSorted((one, other) => one.atMs - other.atMs);
}

interface Story {
  readonly during?: Run;
  readonly after?: Run;
  readonly atEnd?: Record<string, number>;
  readonly diedMs?: number;
  readonly delivered?: boolean;
  readonly more?: EvidenceRecord[];
}

function evidence(
  of: PlainPlan,
  { during, after, atEnd = {}, diedMs, delivered = true, more = [] }: Story,
): PlainEvidence {
  const [first, second]: [Round, Round] = of.variant === 'fault' ? ['fault', 'after'] : ['control', 'control-again'];
  const end: EvidenceRecord[] =
    diedMs === undefined
      ? [
          { kind: 'signalled', atMs: 3900, role: 'server', signal: 'SIGKILL', why: 'cleanup' },
          { kind: 'exited', atMs: 3910, role: 'server', status: null, signal: 'SIGKILL' },
        ]
      : [{ kind: 'exited', atMs: diedMs, role: 'server', status: 1, signal: null }];
  const bite: Told = {
    kind: 'effect',
    conn: 1,
    direction: 'downstream',
    toxic: 'f1',
    type: 'fin',
    effect: 'ended',
    offset: 3,
  };
  const wire = wireOf(delivered && of.faults.length > 0 ? [bite] : []);
  return {
    plan: of,
    records: byTime([
      { kind: 'origin', atMs: 0, monotonicMicros: 0 },
      { kind: 'spawned', atMs: 1, role: 'server', pid: 1, command: ['s'] },
      reading('begun', 5, {}),
      ...round(first, 10, during),
      ...more,
      ...round(second, 2000, after),
      ...(diedMs === undefined ? [reading('settled', 3700, atEnd)] : []),
      ...end,
      { kind: 'finished', atMs: 4000 },
    ]),
    wire,
    receipts: of.faults.map(({ id, kind }) => ({
      fault: id,
      kind,
      asked: { atMs: 6, request: 'add' },
      acknowledged: { atMs: 7, answer: 'added' },
      delivered: delivered ? { earliestMs: 20, latestMs: 20, count: 1, grade: 'self', proof: 'cut at byte 3' } : null,
      lifted: null,
      error: null,
    })),
    damage: [],
  };
}

const told = plan('whole-or-told');
const unaffected = plan('unaffected');
const control = plan('unaffected', 'control');
const CUT = { output: { bytes: 3, sha256: 'bb' } };

describe('a pair that keeps its word passes', () => {
  test.each([
    ['by success with the output of its control run', told, {}],
    ['by a status that says that it failed', told, { during: { status: 28, ...CUT } }],
    ['where nothing is lost, by the same output', unaffected, {}],
    ['without faults, by two runs that are alike', control, {}],
  ])('%s', (_title, of, story: Story) => {
    expect(judgePlain(evidence(of, story))).toMatchObject({ verdict: 'pass' });
  });
});

describe('a pair that does not is told by the claim that it breaks', () => {
  test.each([
    ['success with half of the output', told, { during: CUT }, 'truthful', 'printed 3 bytes where 5 were due'],
    ['as many other bytes', told, { during: { output: { bytes: 5, sha256: 'cc' } } }, 'truthful', 'not the same'],
    ['a failure where nothing was lost', unaffected, { during: { status: 28 } }, 'truthful', 'exited with status 28'],
    ['a status that is neither', told, { during: { status: 3 } }, 'truthful', 'exited with status 3'],
    ['a crash', told, { during: { signal: 'SIGSEGV' } }, 'truthful', 'SIGSEGV'],
    ['a crash as a shell tells it', told, { during: { status: 139 } }, 'truthful', 'status 139'],
    ['no end within the bound', told, { during: { overdue: true } }, 'ends-in-time', 'had to be ended'],
    ['no service afterwards', told, { after: { status: 7 } }, 'serves-again', 'status 7'],
    ['other service afterwards', told, { after: CUT }, 'serves-again', 'printed 3 bytes'],
    ['a next client that hangs', told, { after: { overdue: true } }, 'serves-again', 'had to be ended'],
    ['a process left behind', told, { during: { leftBehind: [42] } }, 'lets-go', 'outlived it: 42'],
    ['a connection left open', told, { atEnd: { CLOSE_WAIT: 1 } }, 'lets-go', '1 CLOSE_WAIT'],
    ['a server that dies', told, { diedMs: 100 }, 'stays-up', 'exited with status 1'],
    ['no success without faults', control, { during: { status: 1 } }, 'truthful', 'status 1'],
    ['other output the second time', control, { after: CUT }, 'steady', 'printed 3 bytes where 5 were due'],
  ])('%s', (_title, of, story: Story, claim, words) => {
    const { verdict, reason } = judgePlain(evidence(of, story));
    expect(verdict).toBe('fail');
    expect(reason).toMatch(new RegExp(`^${claim}:`));
    expect(reason).toContain(words);
  });
});

test.each([
  [{ kind: 'interrupted', atMs: 3950, signal: 'SIGINT' }, 'interrupted'],
  [{ kind: 'setup-failed', atMs: 3950, problem: 'no proxy', remedy: '' }, 'setup-error'],
] as const)('an attempt that was not carried through is no verdict on the pair: %j', (record, verdict) => {
  const whole = evidence(told, { during: CUT });
  const records = [...whole.records.filter(({ kind }) => kind !== 'finished'), record];
  expect(judgePlain({ ...whole, records })).toMatchObject({ verdict });
});

describe('what proves nothing is unknown', () => {
  test('a fault that did not happen voids what depends on it', () => {
    const verdict = judgePlain(evidence(told, { during: CUT, delivered: false }));
    expect(verdict).toMatchObject({ verdict: 'unknown', unknownReason: 'fault-not-delivered' });
  });

  test('and never makes a pass', () => {
    expect(judgePlain(evidence(told, { delivered: false })).verdict).toBe('unknown');
  });

  test('a crash counts even so', () => {
    expect(judgePlain(evidence(told, { during: { signal: 'SIGSEGV' }, delivered: false })).verdict).toBe('fail');
  });

  test.each([
    ['under the faults', told],
    ['without faults', control],
  ])('a bound that passed %s while the host stood still', (_title, of) => {
    const more: EvidenceRecord[] = [{ kind: 'stalled', atMs: 900, process: 'harness', lateMs: 700 }];
    const verdict = judgePlain(evidence(of, { during: { overdue: true, output: CUT.output }, more }));
    expect(verdict).toMatchObject({ verdict: 'unknown', unknownReason: 'host-stalled' });
  });

  test('what a second run had printed when the host kept it from its end', () => {
    const more: EvidenceRecord[] = [{ kind: 'stalled', atMs: 2900, process: 'harness', lateMs: 700 }];
    const { verdict, checks } = judgePlain(evidence(control, { after: { overdue: true, output: CUT.output }, more }));
    expect(verdict).toBe('unknown');
    expect(checks.find(({ name }) => name === 'steady')).toMatchObject({ outcome: 'not-checked' });
  });

  test('a run whose end is not on record', () => {
    const whole = evidence(control, {});
    const last = whole.records.findLastIndex((record) => record.kind === 'exited' && record.role === 'client');
    const verdict = judgePlain({ ...whole, records: whole.records.toSpliced(last, 1) });
    expect(verdict).toMatchObject({ verdict: 'unknown', unknownReason: 'evidence-incomplete' });
  });

  test('evidence without its client, or with an account of the proxy that cannot be', () => {
    const whole = evidence(told, {});
    const incomplete = { verdict: 'unknown', unknownReason: 'evidence-incomplete' };
    const records = whole.records.filter((record) => !('role' in record && record.role === 'client'));
    expect(judgePlain({ ...whole, records })).toMatchObject(incomplete);
    expect(judgePlain({ ...whole, wire: whole.wire.toSpliced(1, 1) })).toMatchObject(incomplete);
  });

  test('evidence that breaks off', () => {
    const whole = evidence(told, {});
    const verdict = judgePlain({ ...whole, records: whole.records.slice(0, -1) });
    expect(verdict).toMatchObject({ verdict: 'unknown', unknownReason: 'evidence-incomplete' });
  });
});

describe('a success is held against what the proxy handed on', () => {
  const AT_LEAST = { connections: 1, upstreamBytes: 10, downstreamBytes: 100 };
  type Came = Readonly<Record<'upstream' | 'downstream', number>> | null;
  interface More {
    readonly after?: NonNullable<Came>;
    readonly least?: Partial<Record<keyof typeof AT_LEAST, number | null>>;
    readonly client?: Partial<PlainPlan['plain']['client']>;
  }

  /** A success of both runs, of which this came to the client under the fault, and this once it was lifted. */
  function judged(during: Came, { after = { upstream: 10, downstream: 100 }, least = {}, client = {} }: More = {}) {
    const before = { evidence: 'control/1', output: WHOLE, least: { ...AT_LEAST, ...least } as typeof AT_LEAST };
    const whole = evidence({ ...told, plain: { client: { ...told.plain.client, ...client }, control: before } }, {});
    // Where it has no connection, the fault was at one from before.
    const first = during === null ? carried(1, 8, { upstream: 0, downstream: 0 }) : carried(1, 15, during);
    return judgePlain({ ...whole, wire: accountOf([...first, ...carried(2, 2005, after)], whole.wire) });
  }

  /** What the proxy did for one run of a client. */
  function carried(conn: number, atMs: number, came: NonNullable<Came>): WireEvent[] {
    const passed = (direction: 'upstream' | 'downstream'): WireEvent[] => {
      const bytes = { seq: 0, atMs: atMs + 1, conn, direction, offset: 0, bytes: came[direction] };
      return [
        { kind: 'read', ...bytes },
        { kind: 'wrote', ...bytes },
      ];
    };
    return [
      { kind: 'accepted', seq: 0, atMs, conn, clientPort: 4000 + conn },
      ...passed('upstream'),
      ...passed('downstream'),
      { kind: 'closed', seq: 0, atMs: atMs + 1000, conn },
    ];
  }

  /** In order of time, with the fault's effect and the end. */
  function accountOf(carrying: readonly WireEvent[], whole: readonly WireEvent[]): WireEvent[] {
    const rest = whole.filter(({ kind }) => kind === 'listening' || kind === 'effect' || kind === 'stopped');
    const all = [...carrying, ...rest].toSorted((one, other) => one.atMs - other.atMs);
    return all.map((event, seq) => ({ ...event, seq }));
  }

  test.each<[title: string, came: Came, more: More, words: string]>([
    ['no connection', null, {}, 'no connection of it came about'],
    ['no answer', { upstream: 10, downstream: 0 }, {}, 'no byte of an answer was handed to it, where 100 bytes'],
    ['half an answer', { upstream: 10, downstream: 50 }, {}, '50 bytes of an answer of at least 100'],
    [
      'no answer, whatever it prints',
      { upstream: 10, downstream: 0 },
      { client: { output: 'any' } },
      'no byte of an answer',
    ],
    ['no answer where part would do', { upstream: 10, downstream: 0 }, { client: { answer: 'part' } }, 'no byte of an'],
    ['nothing sent', { upstream: 0, downstream: 0 }, { least: { downstreamBytes: 0 } }, 'no byte of it was handed to'],
  ])('%s fails', (_title, came, more, words) => {
    const { verdict, reason } = judged(came, more);
    expect(reason).toMatch(/^truthful: .*as if all were well/);
    expect(reason).toContain(words);
    expect(verdict).toBe('fail');
  });

  test('no answer once the fault is lifted is no service', () => {
    const { verdict, reason } = judged({ upstream: 10, downstream: 100 }, { after: { upstream: 10, downstream: 0 } });
    expect(reason).toMatch(/^serves-again: .*no byte of an answer/);
    expect(verdict).toBe('fail');
  });

  test.each<[title: string, came: Came, more: More]>([
    ['the whole of it', { upstream: 10, downstream: 100 }, {}],
    ['it in more bytes, as after a second try', { upstream: 20, downstream: 150 }, {}],
    ['half of it where part will do', { upstream: 10, downstream: 50 }, { client: { answer: 'part' } }],
    ['less of it where no byte is taken away', { upstream: 10, downstream: 99 }, { client: { expect: 'unaffected' } }],
    ['none of it where it is not read', { upstream: 10, downstream: 0 }, { least: { downstreamBytes: null } }],
    ['less the next time', { upstream: 10, downstream: 100 }, { after: { upstream: 10, downstream: 98 } }],
  ])('%s passes', (_title, came, more) => {
    expect(judged(came, more)).toMatchObject({ verdict: 'pass' });
  });

  test('what came after its end, when the fault was lifted, does not count', () => {
    const { plain } = told;
    const before = { evidence: 'control/1', output: WHOLE, least: AT_LEAST };
    const whole = evidence({ ...told, plain: { ...plain, control: before } }, {});
    const first = carried(1, 15, { upstream: 10, downstream: 100 }).map((event) =>
      event.kind === 'wrote' && event.direction === 'downstream' ? { ...event, atMs: 100 } : event,
    );
    const wire = accountOf([...first, ...carried(2, 2005, { upstream: 10, downstream: 100 })], whole.wire);
    expect(judgePlain({ ...whole, wire }).reason).toContain('no byte of an answer');
  });
});

test('where nothing came in two pieces there was nothing to join, and the case is unsupported', () => {
  const [fault] = told.faults;
  const joined: PlainPlan = {
    ...unaffected,
    faults: [
      {
        kind: 'coalesce',
        id: fault?.id ?? 'f1',
        direction: 'downstream',
        bytes: 9,
        waitMs: 1,
        when: { on: 'before-connect' },
      },
    ],
  };
  const whole = evidence(joined, { delivered: false });
  const read = (offset: number): Told => ({ kind: 'read', conn: 1, direction: 'downstream', offset, bytes: 5 });
  expect(judgePlain({ ...whole, wire: wireOf([read(0)]) })).toMatchObject({ verdict: 'unsupported' });
  expect(judgePlain({ ...whole, wire: wireOf([read(0), read(5)]) })).toMatchObject({ verdict: 'unknown' });
});
