import { describe, expect, test } from 'vitest';
import * as v from 'valibot';

import type { Evidence } from '../evidence/evidence.ts';
import type { Role } from '../contract/words.ts';
import type { EvidenceRecord, RecordOf } from '../evidence/record.ts';
import { verdictSchema } from '../evidence/verdict.ts';
import { client } from '../scenario/expectation.ts';
import type { PlannedFault } from '../scenario/fault.ts';
import { cleanExchange, history } from './history.ts';
import { reset } from './history-plan.ts';
import { INVARIANTS, judge } from './judge.ts';

const armed = { id: 'f1', when: { on: 'before-connect' } } as const;

/** The first answer arrives, then both legs are reset. */
const resetExchange = (delivered = true) => {
  const story = history({ faults: [reset], expect: [client.fails({ codes: ['reset', 'broken-pipe'] })] })
    .connects()
    .exchanges(1, 0);
  if (delivered) story.cuts(1, 'downstream', 'rst');
  return story.fails('client', 'recv', 'reset').fails('server', 'recv', 'reset');
};

const without = (evidence: Evidence, kind: EvidenceRecord['kind']): Evidence => ({
  ...evidence,
  records: evidence.records.filter((record) => record.kind !== kind),
});

describe('a verdict', () => {
  test('a clean exchange passes', () => {
    const verdict = judge(cleanExchange().evidence());
    expect(verdict.checks.filter((check) => check.outcome === 'fail' || check.outcome === 'unknown')).toEqual([]);
    expect(verdict.verdict).toBe('pass');
  });

  test('a fault that is delivered and told by its name passes', () => {
    expect(judge(resetExchange().evidence())).toMatchObject({ verdict: 'pass', unknownReason: null });
  });

  test('a fault that is not proved makes it unknown, whatever the subjects say', () => {
    expect(judge(resetExchange(false).evidence())).toMatchObject({
      verdict: 'unknown',
      unknownReason: 'fault-not-delivered',
    });
  });

  test('a run in which all went well proves nothing if its fault did not happen', () => {
    const pieces: PlannedFault = { ...armed, kind: 'fragment', direction: 'downstream', every: 1, gapMs: 0 };
    expect(
      judge(
        cleanExchange({ faults: [pieces] })
          .bites(1)
          .evidence(),
      ).verdict,
    ).toBe('pass');
    expect(judge(cleanExchange({ faults: [pieces] }).evidence())).toMatchObject({
      verdict: 'unknown',
      unknownReason: 'fault-not-delivered',
    });
  });

  test('nor if what had to be seen was not', () => {
    const seen = (atLeast: number) => cleanExchange({ seen: [client.seen('received', atLeast)] }).evidence();
    expect(judge(seen(3)).verdict).toBe('pass');
    expect(judge(seen(4))).toMatchObject({ verdict: 'unknown', unknownReason: 'precondition-not-seen' });
  });

  test('a client that the harness ended while it waited within its deadlines proves nothing, one past them does', () => {
    const ended = (waitedMs: number, stalledMs = 0) => {
      const params = { connections: 2, messages: 1, connectTimeoutMs: 1000 };
      const story = history({ params, expect: [client.completes()] })
        .connects()
        .exchanges(1, 0)
        .endsInOrder();
      story.client({ event: 'connecting', conn: 2, key: 2 }).wait(waitedMs);
      if (stalledMs > 0) story.record({ kind: 'stalled', process: 'client', lateMs: stalledMs });
      story.record({ kind: 'overdue', role: 'client', limit: 'exchange', limitMs: 8000 });
      story.record({ kind: 'signalled', role: 'client', signal: 'SIGKILL', why: 'overdue' });
      story.exits('client', null, 'SIGKILL').record({ kind: 'input-ended', role: 'server' });
      story.exits('server').record({ kind: 'finished' });
      return judge(story.asItIs());
    };
    expect(ended(600)).toMatchObject({ verdict: 'unknown', unknownReason: 'evidence-incomplete' });
    expect(ended(600, 3900)).toMatchObject({ verdict: 'unknown', unknownReason: 'evidence-incomplete' });
    expect(ended(600, 4100)).toMatchObject({ verdict: 'unknown', unknownReason: 'host-stalled' });
    expect(ended(1500).verdict).toBe('fail');
  });

  test('a crash fails without any receipt', () => {
    const story = resetExchange(false).exits('client', 1);
    expect(judge(story.exits('server').record({ kind: 'finished' }).asItIs())).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('status 1'),
    });
  });

  test('keeps its own schema', () => {
    for (const evidence of [cleanExchange().evidence(), resetExchange(false).evidence(), history().asItIs()]) {
      expect(v.is(verdictSchema, judge(evidence))).toBe(true);
    }
  });

  test('is the same every time', () => {
    const evidence = resetExchange().evidence();
    expect(JSON.stringify(judge(evidence))).toBe(JSON.stringify(judge(structuredClone(evidence))));
  });

  test('what is breached without the fault is told before what depends on it', () => {
    const story = history({ faults: [reset], expect: [client.fails({ codes: ['reset'] })] })
      .connects()
      .bites(1)
      .exits('client', 3);
    expect(judge(story.exits('server').record({ kind: 'finished' }).asItIs()).reason).toMatch(/status 3/);
  });

  test('many breaches of one kind are counted, not listed', () => {
    const story = history({ params: { connections: 50 } });
    for (let conn = 1; conn <= 50; conn += 1) story.connects(conn).fails('client', 'recv', 'other', conn);
    const told = judge(story.evidence()).checks.filter((check) => check.name === 'no-false-alarm');
    expect(told).toHaveLength(8);
    expect(told.at(-1)?.actual).toMatch(/and 42 more like it/);
  });
});

describe('what outranks a judgement', () => {
  test.each([
    ['an interruption', { kind: 'interrupted', signal: 'SIGINT' }, 'interrupted'],
    ['a failure of the harness', { kind: 'setup-failed', problem: 'no proxy', remedy: 'try again' }, 'setup-error'],
    ['a program that is not there', { kind: 'unstartable', role: 'client', problem: 'ENOENT' }, 'setup-error'],
  ] as const)('%s', (_title, record, verdict) => {
    expect(judge(cleanExchange().record(record).asItIs()).verdict).toBe(verdict);
    expect(judge(cleanExchange().exits('server', 1).record(record).evidence()).verdict).toBe(verdict);
  });

  test('a port that is in use is the environment’s, not the subject’s', () => {
    for (const code of ['address-in-use', 'permission'] as const) {
      const story = history();
      story.records.splice(2);
      story.server({ event: 'failed', op: 'listen', code, message: '' }).exits('server').record({ kind: 'finished' });
      expect(judge(story.asItIs())).toMatchObject({
        verdict: 'setup-error',
        reason: `the server could not listen: ${code}`,
      });
    }
  });

  test.each(['client', 'server'] as const)('a %s that says so of a port while all goes on is judged for it', (role) => {
    const story = cleanExchange().tells(role, { event: 'failed', op: 'listen', code: 'address-in-use', message: '' });
    expect(judge(story.evidence()).verdict).toBe('fail');
  });

  test.each(['client', 'server'] as const)('a %s that says unsupported in the right way is unsupported', (role) => {
    const story = history();
    // A server that says so has nothing to listen for, and no client is started.
    if (role === 'server') story.records.splice(2);
    story.tells(role, { event: 'unsupported' }).exits(role, 127);
    if (role === 'client') story.exits('server');
    expect(judge(story.record({ kind: 'finished' }).asItIs()).verdict).toBe('unsupported');
  });

  test('127 without the word is a crash, the word without 127 is one too', () => {
    const crash = cleanExchange().inputEnds().exits('client', 127).exits('server');
    expect(judge(crash.record({ kind: 'finished' }).asItIs()).verdict).toBe('fail');
    const story = history();
    story.records.splice(2, 2);
    story.server({ event: 'unsupported' }).exits('server', 0);
    expect(judge(story.record({ kind: 'finished' }).asItIs()).verdict).not.toBe('unsupported');
  });
});

describe('evidence that cannot carry a verdict', () => {
  test('without its end it is unknown, however well it looks', () => {
    const verdict = judge(without(cleanExchange().evidence(), 'finished'));
    expect(verdict).toMatchObject({ verdict: 'unknown', unknownReason: 'evidence-incomplete' });
  });

  test('without its beginning it is unknown', () => {
    expect(judge(without(cleanExchange().evidence(), 'origin')).unknownReason).toBe('evidence-incomplete');
  });

  test('damage is unknown, and named', () => {
    const evidence = { ...cleanExchange().evidence(), damage: ['events.jsonl: line 7 is cut off'] };
    expect(judge(evidence)).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining('line 7 is cut off') });
  });

  test('what the proxy told is whole only from its own beginning to its own end', () => {
    const evidence = cleanExchange().evidence();
    const incomplete = { verdict: 'unknown', unknownReason: 'evidence-incomplete' };
    expect(judge({ ...evidence, wire: [] })).toMatchObject(incomplete);
    expect(judge({ ...evidence, wire: evidence.wire.slice(0, -1) })).toMatchObject(incomplete);
    expect(judge({ ...evidence, wire: evidence.wire.slice(1) })).toMatchObject(incomplete);
    const dropped = { kind: 'dropped', seq: 0, atMs: 1, count: 3 } as const;
    expect(judge({ ...evidence, wire: [dropped, ...evidence.wire] })).toMatchObject({
      ...incomplete,
      reason: expect.stringContaining('3 events of the proxy were lost'),
    });
  });

  test('nor is anything known of what no recorder beside real Toxiproxy told of', () => {
    const { wire, ...evidence } = cleanExchange().evidence();
    const plan = { ...evidence.plan, proxy: 'toxiproxy' as const };
    expect(judge({ ...evidence, plan, wire }).verdict).toBe('pass');
    expect(judge({ ...evidence, plan, wire: [] })).toMatchObject({ unknownReason: 'evidence-incomplete' });
  });

  test('a word of a process that has ended is none', () => {
    const story = history().connects().exchanges(1, 0).inputEnds().exits('client').exits('server');
    const told = story.client({ event: 'done' }).record({ kind: 'finished' }).asItIs();
    expect(judge(told)).toMatchObject({
      unknownReason: 'evidence-incomplete',
      reason: expect.stringContaining("a record of event after the client's end"),
    });
  });

  test('an interruption is told although the end is missing', () => {
    const story = cleanExchange().record({ kind: 'interrupted', signal: 'SIGINT' });
    expect(judge(story.asItIs()).verdict).toBe('interrupted');
  });

  test('none at all is unknown', () => {
    const { plan } = history();
    expect(judge({ plan, records: [], wire: [], receipts: [], damage: [] }).verdict).toBe('unknown');
  });

  test('a judge that throws says so, and the other questions are still asked', () => {
    const evidence = cleanExchange().evidence();
    const plan = {
      ...evidence.plan,
      get expect(): never {
        throw new Error('no such thing');
      },
    };
    const verdict = judge({ ...evidence, plan });
    expect(verdict).toMatchObject({ verdict: 'unknown', unknownReason: 'judge-crashed' });
  });

  test('events in any order, clocks that run backwards and impossible sequences never pass and never throw', () => {
    const evidence = cleanExchange().evidence();
    const backwards = { ...evidence, records: evidence.records.toReversed(), wire: evidence.wire.toReversed() };
    expect(['fail', 'unknown']).toContain(judge(backwards).verdict);
    const green = Array.from({ length: 50 }, (_, seed) => shuffled(evidence.records, seed + 1))
      .filter((records) => outOfOrder(records))
      .filter((records) => judge({ ...evidence, records }).verdict === 'pass');
    expect(green).toEqual([]);
  });

  test('nor can a subject be green that tells nothing of its connections, or a wrong port', () => {
    const evidence = cleanExchange().evidence();
    for (const role of ['client', 'server'] as const) {
      const silent = evidence.records.filter(
        (record) => !(record.kind === 'event' && record.role === role && 'conn' in record.event),
      );
      expect(judge({ ...evidence, records: silent }).verdict).toBe('fail');
      const wrong = evidence.records.map((record) => (record.kind === 'event' ? portPlusOne(record, role) : record));
      expect(judge({ ...evidence, records: wrong })).toMatchObject({
        verdict: 'fail',
        reason: expect.stringContaining('is the port that the proxy knows the connection by'),
      });
    }
  });

  test('no record of a clean exchange can be left out and the run still be green', () => {
    const evidence = cleanExchange().evidence();
    const missed = evidence.records.filter((left) => {
      const records = evidence.records.filter((record) => record !== left);
      return judge({ ...evidence, records }).verdict === 'pass';
    });
    expect(missed.map((record) => (record.kind === 'event' ? record.event.event : record.kind))).toEqual([]);
  });
});

/** Under load a hundred thousand events take their time. */
const LONG = { timeout: 90_000 };

describe('size', () => {
  const evidenceOf = (messages: number) => {
    const story = history({ workload: 'pipeline', params: { messages, messageBytes: 16 } }).connects();
    for (let seq = 0; seq < messages; seq += 1) story.exchanges(1, seq);
    return story.endsInOrder().evidence();
  };
  const timed = (evidence: Evidence) => {
    const startedMs = performance.now();
    const { verdict } = judge(evidence);
    return { verdict, tookMs: performance.now() - startedMs };
  };

  test('a hundred thousand events are judged in a time that grows with their number', LONG, () => {
    const small = timed(evidenceOf(1_700));
    const evidence = evidenceOf(17_000);
    const large = timed(evidence);
    expect(evidence.records.length).toBeGreaterThan(100_000);
    expect([small.verdict, large.verdict]).toEqual(['pass', 'pass']);
    // Ten times as many: in a quadratic judge a hundred times as long.
    expect(large.tookMs).toBeLessThan(small.tookMs * 50 + 1000);
  });

  test('a thousand connections as well', LONG, () => {
    const story = history({ params: { connections: 1000, messages: 1 } });
    for (let conn = 1; conn <= 1000; conn += 1) story.connects(conn).exchanges(conn, 0).endsInOrder(conn);
    expect(judge(story.evidence()).verdict).toBe('pass');
  });
});

test('every invariant has a name of its own and a statement', () => {
  expect(new Set(INVARIANTS.map((invariant) => invariant.name)).size).toBe(INVARIANTS.length);
  for (const { statement } of INVARIANTS) expect(statement).toMatch(/^[A-Z].*\.$/);
});

function portPlusOne(record: RecordOf<'event'>, role: Role): EvidenceRecord {
  const { event } = record;
  if (record.role !== role) return record;
  if (event.event === 'accepted') return { ...record, event: { ...event, peerPort: event.peerPort + 1 } };
  return event.event === 'connected' ? { ...record, event: { ...event, localPort: event.localPort + 1 } } : record;
}

/** Reordering that a subject's own stamps contradict. */
function outOfOrder(records: readonly EvidenceRecord[]): boolean {
  for (const role of ['client', 'server'] as const) {
    const stamps = records.flatMap((record) =>
      record.kind === 'event' && record.role === role ? [record.event.at ?? 0] : [],
    );
    if (stamps.some((at, index) => at < (stamps[index - 1] ?? 0))) return true;
  }
  return false;
}

/** A fixed shuffle for each seed. */
function shuffled<T>(values: readonly T[], seed: number): T[] {
  const result = [...values];
  let state = seed;
  for (let index = result.length - 1; index > 0; index -= 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const other = state % (index + 1);
    const [one, two] = [result[index], result[other]];
    if (one !== undefined && two !== undefined) [result[index], result[other]] = [two, one];
  }
  return result;
}
