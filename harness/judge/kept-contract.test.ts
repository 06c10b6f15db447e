import { describe, expect, test } from 'vitest';

import { cleanExchange, found, history, outcome } from './history.ts';
import type { History } from './history.ts';
import { keptContract } from './kept-contract.ts';

const look = (story: History) => outcome(found(keptContract, story.asItIs()));
const whole = (story: History) => outcome(found(keptContract, story.evidence()));

const eof = { event: 'eof', conn: 1 } as const;
const closed = { event: 'closed', conn: 1 } as const;
const received = (seq: number) => ({ event: 'received', conn: 1, seq, bytes: 1, sha256: 'a'.repeat(64) }) as const;
const sending = (seq: number) => ({ event: 'sending', conn: 1, seq, bytes: 1, sha256: 'a'.repeat(64) }) as const;

describe('a subject prints the events of the contract, in an order that can be true', () => {
  test('a clean exchange does', () => {
    expect(whole(cleanExchange()).outcomes).toEqual(['pass']);
  });

  test('a line that is no event is told with its beginning', () => {
    const story = history().record({ kind: 'garbage', role: 'server', line: 'Listening on 7000', problem: 'not JSON' });
    expect(look(story)).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringContaining('"Listening on 7000" (not JSON)'),
    });
  });

  test('half a line of a process that was killed is no breach', () => {
    const kill = { id: 'f1', kind: 'kill', role: 'server', when: { on: 'before-connect' } } as const;
    const half = { kind: 'garbage', role: 'server', line: '{"event":"rec', problem: 'not JSON' } as const;
    expect(
      look(
        history({ faults: [kill] })
          .connects()
          .delivers('f1')
          .record(half),
      ).outcomes,
    ).toEqual(['pass']);
    expect(
      look(
        history({ faults: [kill] })
          .record(half)
          .connects()
          .delivers('f1'),
      ).outcomes,
    ).toEqual(['fail']);
  });

  test('a subject that floods is told once', () => {
    expect(look(history().record({ kind: 'flooded', role: 'client', limit: 1e6, of: 'bytes' })).outcomes).toEqual([
      'fail',
    ]);
  });

  test('a subject that was ended for its flood is told to be ended by the harness', () => {
    const story = history()
      .record({ kind: 'flooded', role: 'client', limit: 1e6, of: 'bytes' })
      .record({ kind: 'signalled', role: 'client', signal: 'SIGKILL', why: 'flood' })
      .exits('client', null, 'SIGKILL');
    const told = outcome(found(keptContract, story.asItIs()));
    expect(told.actual).toMatch(/had printed 1000000 bytes at .*; the harness ended it with SIGKILL at [\d.]+ ms$/);
  });

  test('a clock that goes back is caught', () => {
    const story = history().connects();
    const records = story.records.map((record, index) =>
      record.kind === 'event' && index === story.records.length - 1
        ? { ...record, event: { ...record.event, at: 7 } }
        : record,
    );
    expect(outcome(found(keptContract, { ...story.asItIs(), records }))).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringContaining('went back'),
    });
  });

  test('an event that comes long after its stamp proves nothing or is caught, unless the host is known to have stood still', () => {
    const late = (lateMs: number, stalledMs = 0) => {
      const story = history().connects();
      if (stalledMs > 0) story.record({ kind: 'stalled', process: 'client', lateMs: stalledMs });
      const last = story.records.findLastIndex(({ kind }) => kind === 'event');
      const records = story.records.map((record, index) =>
        index < last ? record : { ...record, atMs: record.atMs + lateMs },
      );
      return outcome(found(keptContract, { ...story.asItIs(), records }));
    };
    expect(late(600)).toMatchObject({ outcomes: ['unknown'], expected: 'the server prints each event at once' });
    expect(late(1500).outcomes).toEqual(['fail']);
    expect(late(1500, 1400).outcomes).toEqual(['pass']);
    expect(late(200).outcomes).toEqual(['pass']);
  });

  test('a client that is done has tried all its connections', () => {
    const story = (connections: number) =>
      history({ params: { connections } }).connects().endsInOrder().client({ event: 'done' });
    expect(look(story(2)).actual).toMatch(/^it had tried 1 when it said so/);
    expect(look(story(1)).outcomes).toEqual(['pass']);
  });

  test('a clock that is there only sometimes is caught, one that is never there is not', () => {
    const story = history().connects();
    const without = (only: (index: number) => boolean) => ({
      ...story.asItIs(),
      records: story.records.map((record, index) =>
        record.kind === 'event' && only(index) ? { ...record, event: { ...record.event, at: undefined } } : record,
      ),
    });
    expect(
      outcome(
        found(
          keptContract,
          without((index) => index % 2 === 0),
        ),
      ).outcomes,
    ).toContain('fail');
    expect(
      outcome(
        found(
          keptContract,
          without(() => true),
        ),
      ).outcomes,
    ).toEqual(['pass']);
  });

  test.each([
    [
      'a second connecting',
      (story: History) => story.client({ event: 'connecting', conn: 1, key: 1 }),
      /connecting comes once/,
    ],
    [
      'a second connected',
      (story: History) => story.client({ event: 'connected', conn: 1, localPort: 1 }),
      /connected comes once/,
    ],
    [
      'connected before connecting',
      (story: History) => story.client({ event: 'connected', conn: 2, localPort: 1 }),
      /connecting comes first/,
    ],
    [
      'received before connected',
      (story: History) => story.client({ event: 'connecting', conn: 2, key: 2 }).client({ ...received(0), conn: 2 }),
      /nothing passes before connected/,
    ],
    [
      'received before accepted',
      (story: History) => story.server({ ...received(0), conn: 2 }),
      /nothing passes before accepted/,
    ],
    [
      'a message received twice under one number',
      (story: History) => story.server(received(0)).server(received(0)),
      /is number 1, not 0/,
    ],
    ['a message number left out', (story: History) => story.server(received(1)), /is number 0, not 1/],
    ['sent without sending', (story: History) => story.client({ event: 'sent', conn: 1, seq: 0 }), /after its sending/],
    [
      'sent twice',
      (story: History) =>
        story.client(sending(0)).client({ event: 'sent', conn: 1, seq: 0 }).client({ event: 'sent', conn: 1, seq: 0 }),
      /once, after its sending/,
    ],
    [
      'sending after shutdown',
      (story: History) => story.client({ event: 'shutdown', conn: 1 }).client(sending(0)),
      /after shutdown/,
    ],
    [
      'a second shutdown',
      (story: History) => story.client({ event: 'shutdown', conn: 1 }).client({ event: 'shutdown', conn: 1 }),
      /shutdown comes once/,
    ],
    ['received after the end', (story: History) => story.client(eof).client(received(0)), /after the peer's end/],
    [
      'a heartbeat after the end',
      (story: History) => story.client(eof).client({ event: 'heard', conn: 1 }),
      /after the peer's end/,
    ],
    ['two ends', (story: History) => story.client(eof).client(eof), /the peer ends once/],
    ['two failures', (story: History) => story.client(failed('reset')).client(failed('closed')), /which comes once/],
    [
      'an end after a failure',
      (story: History) => story.client(failed('closed')).client(eof),
      /only closed comes after failed/,
    ],
    ['closed twice', (story: History) => story.client(closed).client(closed), /nothing comes after closed/],
    ['a client that listens', (story: History) => story.client({ event: 'listening', port: 1 }), /its role/],
    ['a server that connects', (story: History) => story.server({ event: 'connecting', conn: 4, key: 1 }), /its role/],
    ['a second listening', (story: History) => story.server({ event: 'listening', port: 1 }), /printed once/],
    ['an event after done', (story: History) => story.client({ event: 'done' }).client(eof), /done is the last/],
    ['unsupported beside other events', (story: History) => story.client({ event: 'unsupported' }), /printed alone/],
  ])('%s is caught', (_title, tell, words) => {
    const findings = found(keptContract, tell(history().connects()).asItIs());
    expect(findings.map((finding) => finding.outcome)).toContain('fail');
    expect(findings.map((finding) => finding.expected).join('\n')).toMatch(words);
  });

  test('a failure to connect, then closed, is in order', () => {
    const story = history().client({ event: 'connecting', conn: 1, key: 1 }).fails('client', 'connect', 'refused');
    expect(look(story).outcomes).toEqual(['pass']);
  });

  test('an echo may be told before its message is told as sent', () => {
    const story = history({ workload: 'pipeline' })
      .connects()
      .client(sending(0))
      .client(received(0))
      .client({ event: 'sent', conn: 1, seq: 0 });
    expect(look(story).outcomes).toEqual(['pass']);
  });

  test('a server that could not listen begins with that', () => {
    const story = history();
    story.records.length = 1;
    story.server({ event: 'failed', op: 'listen', code: 'permission', message: '' });
    expect(look(story).outcomes).toEqual(['pass']);
  });
});

function failed(code: 'reset' | 'closed') {
  return { event: 'failed', conn: 1, op: 'recv', code, message: '' } as const;
}
