import { describe, expect, test } from 'vitest';

import { client, event, fault, lastByte, server } from '../scenario/expectation.ts';
import type { Expectation } from '../scenario/expectation.ts';
import type { PlannedFault } from '../scenario/fault.ts';
import { attemptOf } from './attempt.ts';
import { examineExpectation } from './expectations.ts';
import { cleanExchange, history, outcome } from './history.ts';
import type { History } from './history.ts';

const fin: PlannedFault = { id: 'f1', kind: 'fin', direction: 'downstream', at: 104, when: { on: 'before-connect' } };

const look = (story: History, expectation: Expectation) =>
  outcome(examineExpectation(attemptOf(story.asItIs()), expectation));

/** The client asks, and the answer is cut; it fails so many milliseconds later. */
const cut = (laterMs: number) =>
  history({ faults: [fin] })
    .connects()
    .exchanges(1, 0)
    .cuts(1, 'downstream', 'fin')
    .wait(laterMs);

describe('completes', () => {
  test('a whole exchange completes on both sides', () => {
    expect(look(cleanExchange(), client.completes()).outcomes).toEqual(['pass']);
    expect(look(cleanExchange(), server.completes()).outcomes).toEqual(['pass']);
  });

  test.each([
    ['no connection at all', history(), 'had 0 connections of 1'],
    ['a message that never came', history().connects().exchanges(1, 0).endsInOrder(), 'received 1 of 3 messages'],
    ['a failure', history().connects().fails('client', 'recv', 'reset'), 'failed with reset'],
    [
      'a connection left open',
      history({ params: { messages: 0 } })
        .connects()
        .clientShutsDown(),
      'was never closed',
    ],
  ])('%s is no completion', (_title, story, words) => {
    expect(look(story, client.completes())).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringContaining(words),
    });
  });

  test('one connection of many that does not complete is enough', () => {
    const story = history({ params: { connections: 2, messages: 1 } })
      .connects(1)
      .connects(2);
    story.exchanges(1, 0).endsInOrder(1).fails('client', 'recv', 'timeout', 2);
    expect(look(story, client.completes()).outcomes).toEqual(['fail']);
  });

  test('connections that the fault was aimed at are not the ones that complete', () => {
    const aimed: PlannedFault = { ...fin, at: 0, connections: [2] };
    const story = history({ params: { connections: 2, messages: 1 }, faults: [aimed] })
      .connects(1)
      .connects(2);
    story.exchanges(1, 0).endsInOrder(1).cuts(2, 'downstream', 'fin').fails('client', 'recv', 'closed', 2);
    expect(look(story, client.completes()).outcomes).toEqual(['pass']);
    expect(look(story, client.fails({ codes: ['closed'] })).outcomes).toEqual(['pass']);
    expect(look(story, client.fails({ codes: ['reset'] })).outcomes).toEqual(['fail']);
  });

  test('in reconnect an attempt may fail as long as every message is echoed in the end', () => {
    const story = (last: number) => {
      const told = history({ workload: 'reconnect', params: { messages: 2 } })
        .connects(1, 1)
        .exchanges(1, 0, 1);
      told.fails('client', 'recv', 'reset', 1).connects(2, 1);
      return last === 1 ? told.exchanges(2, 1, 1).endsInOrder(2) : told.endsInOrder(2);
    };
    expect(look(story(1), client.completes()).outcomes).toEqual(['pass']);
    expect(look(story(0), client.completes())).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringContaining('1 of 2 answers'),
    });
  });

  test('a deadline that fired because the host stood still proves nothing, nor does what it led to', () => {
    const story = (lateMs: number) =>
      history({ params: { ioTimeoutMs: 500, messages: 1 } })
        .connects()
        .clientSends(1, 0)
        .wait(400)
        .record({ kind: 'stalled', process: 'server', lateMs })
        .wait(100);
    const failed = (lateMs: number) =>
      story(lateMs).fails('client', 'recv', 'timeout').ends(1, 'upstream').fails('server', 'recv', 'closed');
    expect(look(failed(300), client.completes()).outcomes).toEqual(['unknown']);
    expect(look(failed(300), server.completes()).outcomes).toEqual(['unknown']);
    expect(look(failed(120), client.completes()).outcomes).toEqual(['fail']);
  });

  test('a breach under a fault depends on it', () => {
    const story = history({ faults: [fin] }).connects();
    expect(examineExpectation(attemptOf(story.asItIs()), client.completes())[0]?.dependsOnFault).toBe(true);
  });
});

describe('fails', () => {
  const truncated = client.fails({
    codes: ['truncated', 'closed'],
    ops: ['recv'],
    within: { from: fault(), atLeastMs: 0, atMostMs: 300 },
  });

  test('in time with the right name is met, and measured', () => {
    const [finding] = examineExpectation(attemptOf(cut(50).fails('client', 'recv', 'closed').asItIs()), truncated);
    expect(finding).toMatchObject({ outcome: 'pass', measured: { valueMs: 51, atLeastMs: 0, atMostMs: 300 } });
  });

  test.each([
    ['another code', cut(5).fails('client', 'recv', 'timeout'), 'failed with timeout on recv'],
    ['another operation', cut(5).fails('client', 'send', 'closed'), 'failed with closed on send'],
    ['too late', cut(500).fails('client', 'recv', 'closed'), '501 ms after it'],
    ['a clean end', cut(5).client({ event: 'eof', conn: 1 }), 'told of a clean end'],
    ['a close without a word', cut(5).client({ event: 'closed', conn: 1 }), 'without a failure'],
    ['nothing at all', cut(5), 'never failed and never closed'],
    ['no connection', history({ faults: [fin] }), 'had no connection at all'],
  ])('%s is not met', (_title, story, words) => {
    expect(look(story, truncated)).toMatchObject({ outcomes: ['fail'], actual: expect.stringContaining(words) });
  });

  test('connections that the client never tried to make are not met', () => {
    const story = history({ params: { connections: 3 }, faults: [fin] })
      .connects()
      .bites(1);
    expect(look(story.fails('client', 'recv', 'closed'), truncated)).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringContaining('made 1 of 3 connections'),
    });
  });

  test('too early is not met either', () => {
    const story = history({ faults: [fin] })
      .connects()
      .clientSends(1, 0)
      .bites(1)
      .wait(300)
      .fails('client', 'recv', 'timeout');
    const within = { from: event('client', 'sent', 0), atLeastMs: 900, atMostMs: 1100 };
    expect(look(story, client.fails({ codes: ['timeout'], within }))).toMatchObject({
      outcomes: ['fail'],
      expected: expect.stringContaining("900–1100 ms after the client's sent of message 0"),
    });
  });

  test('before the fault is too early', () => {
    const story = history({ faults: [fin] })
      .connects()
      .fails('client', 'recv', 'closed')
      .wait(200)
      .bites(1);
    expect(look(story, truncated).outcomes).toEqual(['fail']);
  });

  test('a side that was over before the fault bit proves nothing; one that took the fault for an end does', () => {
    const fails = client.fails({ codes: ['reset'] });
    const story = () =>
      history({ faults: [{ ...fin, kind: 'reset' }] })
        .connects()
        .exchanges(1, 0);
    expect(look(story().endsInOrder().wait(5).bites(1), fails).outcomes).toEqual(['unknown']);
    expect(look(story().cuts(1, 'downstream', 'rst').endsInOrder(), fails).outcomes).toEqual(['fail']);
  });

  test('a server whose only connection was reset in its queue proves nothing; one that tells of none is not met', () => {
    const fails = server.fails({ codes: ['reset'] });
    const unaccepted = () => {
      const story = history({ faults: [{ ...fin, kind: 'reset', direction: 'upstream' }] });
      return story
        .client({ event: 'connecting', conn: 1, key: 1 })
        .proxy({ kind: 'accepted', conn: 1, clientPort: 41_001 })
        .proxy({ kind: 'dialed', conn: 1, localPort: 42_001 })
        .client({ event: 'connected', conn: 1, localPort: 41_001 });
    };
    expect(look(unaccepted().cuts(1, 'upstream', 'rst'), fails).outcomes).toEqual(['unknown']);
    expect(look(unaccepted().cuts(1, 'upstream', 'fin'), fails).outcomes).toEqual(['fail']);
    expect(look(unaccepted(), fails).outcomes).toEqual(['fail']);
    expect(look(unaccepted().wait(500).cuts(1, 'upstream', 'rst'), fails).outcomes).toEqual(['fail']);
  });

  test('a side that the harness told to stop was not late while its bound ran, nor while the host stood still', () => {
    const within = { from: fault(), atLeastMs: 0, atMostMs: 500 };
    const stopped = (afterMs: number, stalledMs = 0) => {
      const story = cut(afterMs);
      if (stalledMs > 0) story.record({ kind: 'stalled', process: 'proxy', lateMs: stalledMs });
      return story.record({ kind: 'input-ended', role: 'server' }).server({ event: 'closed', conn: 1 });
    };
    const outcomes = (story: History) => look(story, server.fails({ codes: ['reset'], within })).outcomes;
    expect(outcomes(stopped(200))).toEqual(['unknown']);
    expect(outcomes(stopped(900, 300))).toEqual(['unknown']);
    expect(outcomes(stopped(900, 150))).toEqual(['fail']);
    expect(outcomes(stopped(900))).toEqual(['fail']);
    expect(outcomes(cut(900).server({ event: 'closed', conn: 1 }))).toEqual(['fail']);
  });

  test('a bound counts from the last byte handed on before the failure', () => {
    const story = history({ faults: [fin] })
      .connects()
      .passes(1, 'downstream', 4)
      .wait(250)
      .fails('client', 'recv', 'dead-peer');
    story.wait(100).passes(1, 'downstream', 4);
    const within = { from: lastByte('downstream'), atLeastMs: 250, atMostMs: 300 };
    expect(look(story, client.fails({ codes: ['dead-peer'], within })).outcomes).toEqual(['pass']);
  });

  test('a bound whose mark never came proves nothing', () => {
    const within = { from: event('server', 'received'), atLeastMs: 0, atMostMs: 300 };
    expect(
      look(cut(5).fails('server', 'recv', 'closed'), server.fails({ codes: ['closed'], within })).outcomes,
    ).toEqual(['pass']);
    const unheard = history({ faults: [fin] })
      .connects()
      .fails('client', 'recv', 'closed');
    expect(look(unheard, client.fails({ codes: ['closed'], within })).outcomes).toEqual(['unknown']);
  });

  test('upper bounds count from the latest instant the fault can have taken effect, lower ones from the earliest', () => {
    const kill: PlannedFault = { id: 'f1', kind: 'kill', role: 'server', when: { on: 'before-connect' } };
    const killed = (atMs: number) => {
      const story = history({ faults: [kill] }).connects();
      story.delivers('f1', { delivered: { earliestMs: 100, latestMs: 200, count: 1, grade: 'kernel', proof: 'gone' } });
      story.nowMs = atMs - 1;
      return story.fails('client', 'recv', 'closed');
    };
    const within = { from: fault(), atLeastMs: 500, atMostMs: 500 };
    for (const [atMs, met] of [
      [575, false],
      [585, true],
      [600, true],
      [700, true],
      [715, true],
      [725, false],
    ] as const) {
      expect(look(killed(atMs), client.fails({ codes: ['closed'], within })).outcomes, `${atMs}`).toEqual([
        met ? 'pass' : 'fail',
      ]);
    }
  });

  test('a reset that the proxy tells of late was there when its legs were reset', () => {
    const reset: PlannedFault = { ...fin, kind: 'reset' };
    const story = history({ faults: [reset] })
      .connects()
      .clientSends(1, 0);
    story
      .proxy({ kind: 'rst-wrote', conn: 1, direction: 'downstream', offset: 0 })
      .wait(5)
      .fails('client', 'recv', 'reset');
    story.wait(150).bites(1);
    const within = { from: fault(), atLeastMs: 0, atMostMs: 100 };
    const [finding] = examineExpectation(attemptOf(story.asItIs()), client.fails({ codes: ['reset'], within }));
    expect(finding).toMatchObject({ outcome: 'pass', measured: { valueMs: 6 } });
  });

  test('before the fault, for a deadline that fired because the host stood still, proves nothing', () => {
    const hold: PlannedFault = {
      id: 'f1',
      kind: 'hold',
      direction: 'downstream',
      at: 104,
      when: { on: 'before-connect' },
    };
    const story = (lateMs: number) =>
      history({ faults: [hold], params: { ioTimeoutMs: 300 } })
        .connects()
        .exchanges(1, 0)
        .clientSends(1, 1)
        .wait(200)
        .record({ kind: 'stalled', process: 'server', lateMs })
        .wait(100)
        .fails('client', 'recv', 'timeout')
        .wait(20)
        .bites(1);
    const expectation = client.fails({ codes: ['timeout'], within: { from: fault(), atLeastMs: 250, atMostMs: 360 } });
    expect(look(story(200), expectation).outcomes).toEqual(['unknown']);
    expect(look(story(5), expectation).outcomes).toEqual(['fail']);
  });

  test('too late on a host that stalled proves nothing', () => {
    const story = cut(200)
      .record({ kind: 'stalled', process: 'client', lateMs: 150 })
      .wait(300)
      .fails('client', 'recv', 'closed');
    expect(look(story, truncated).outcomes).toEqual(['unknown']);
  });
});

describe('delivers', () => {
  test('counts what each connection received', () => {
    expect(look(cleanExchange(), client.delivers(3)).outcomes).toEqual(['pass']);
    expect(look(cleanExchange(), server.delivers(1, 3)).outcomes).toEqual(['pass']);
    expect(look(cleanExchange(), client.delivers(4))).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringContaining('received 3 messages'),
    });
    expect(look(cleanExchange(), client.delivers(0, 2)).outcomes).toEqual(['fail']);
  });

  test('nothing is delivered where there was no connection', () => {
    expect(look(history(), client.delivers(1)).outcomes).toEqual(['fail']);
    expect(look(history(), client.delivers(0)).outcomes).toEqual(['pass']);
  });
});
