import { describe, expect, test } from 'vitest';

import type { PlannedFault } from '../scenario/fault.ts';
import { cleanExchange, found, history, outcome } from './history.ts';
import type { History } from './history.ts';
import { noFalseAlarm } from './no-false-alarm.ts';

const look = (story: History) => outcome(found(noFalseAlarm, story.asItIs()));

const armed = { when: { on: 'before-connect' } } as const;
const latency = (latencyMs: number): PlannedFault => ({
  id: 'f1',
  kind: 'latency',
  direction: 'downstream',
  latencyMs,
  jitterMs: 0,
  ...armed,
});
const dribble = (gapMs: number): PlannedFault => ({
  id: 'f1',
  kind: 'fragment',
  direction: 'downstream',
  every: 1,
  gapMs,
  ...armed,
});
const reset: PlannedFault = { id: 'f1', kind: 'reset', direction: 'downstream', at: 0, ...armed };

/** A client that times out while every byte of its echo waits so long. */
function dribbled(gapMs: number): History {
  const story = history({ faults: [dribble(gapMs)], params: { ioTimeoutMs: 500 } })
    .connects()
    .bites(1);
  return story.wait(500).fails('client', 'recv', 'timeout');
}

describe('without a harmful fault there is no failure', () => {
  test('a clean exchange raises nothing', () => {
    expect(look(cleanExchange()).outcomes).toEqual(['pass']);
  });

  test.each(['reset', 'closed', 'truncated', 'timeout', 'other'] as const)(
    'a %s out of nothing is a false alarm',
    (code) => {
      expect(look(history().connects().fails('client', 'recv', code)).outcomes).toEqual(['fail']);
    },
  );

  test('a delay below the deadline is no cause', () => {
    const story = history({ faults: [latency(900)], params: { ioTimeoutMs: 1000 } })
      .connects()
      .bites(1);
    expect(look(story.wait(950).fails('client', 'recv', 'timeout')).outcomes).toEqual(['fail']);
  });

  test('a delay above it is a cause of a timeout, and of nothing else', () => {
    const story = history({ faults: [latency(1500)], params: { ioTimeoutMs: 1000 } })
      .connects()
      .bites(1)
      .wait(1000);
    expect(look(story.fails('client', 'recv', 'timeout')).outcomes).toEqual(['pass']);
  });

  test('pieces and gaps add up over a message', () => {
    expect(look(dribbled(2)).outcomes).toEqual(['fail']);
    expect(look(dribbled(10)).outcomes).toEqual(['pass']);
  });

  test('a failure before the fault bit has no cause in it', () => {
    const story = history({ faults: [reset] })
      .connects()
      .fails('client', 'recv', 'reset')
      .wait(500)
      .bites(1);
    expect(look(story).outcomes).toEqual(['fail']);
  });

  test('a failure after it has', () => {
    expect(
      look(
        history({ faults: [reset] })
          .connects()
          .bites(1)
          .fails('client', 'recv', 'reset'),
      ).outcomes,
    ).toEqual(['pass']);
  });

  test('a connection that the fault left alone has no cause to fail', () => {
    const story = history({ faults: [reset], params: { connections: 2 } })
      .connects(1)
      .connects(2)
      .bites(1);
    story.fails('client', 'recv', 'reset', 1).fails('client', 'recv', 'reset', 2);
    expect(look(story)).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringContaining('reset'),
      expected: expect.stringContaining('connection 2'),
    });
  });

  test('a fault that is not proved may have been the cause: such an alarm depends on it', () => {
    const story = history({ faults: [reset] })
      .connects()
      .fails('client', 'recv', 'reset');
    expect(found(noFalseAlarm, story.asItIs())).toMatchObject([{ outcome: 'fail', dependsOnFault: true }]);
  });

  test("the other side's end is a cause, from when the proxy handed it on", () => {
    const story = history().connects().server({ event: 'closed', conn: 1 });
    expect(look(story.ends(1, 'downstream').fails('client', 'recv', 'closed')).outcomes).toEqual(['pass']);
    const later = history().connects().fails('client', 'recv', 'closed').wait(5).ends(1, 'downstream');
    expect(look(later).outcomes).toEqual(['fail']);
  });

  test('where the proxy tells nothing it is one by its own word', () => {
    const story = history({ proxy: 'toxiproxy' }).connects().server({ event: 'closed', conn: 1 });
    expect(look(story.fails('client', 'recv', 'closed')).outcomes).toEqual(['pass']);
    expect(look(history({ proxy: 'toxiproxy' }).connects().fails('client', 'recv', 'closed')).outcomes).toEqual([
      'fail',
    ]);
  });

  test('what the scenario expects is no alarm', () => {
    const story = history({ expect: [{ kind: 'fails', role: 'client', codes: ['too-large'] }] }).connects();
    expect(look(story.fails('client', 'recv', 'too-large')).outcomes).toEqual(['pass']);
  });

  test('what comes after the harness ended the input is its own doing', () => {
    expect(look(history().connects().inputEnds().fails('client', 'recv', 'reset')).outcomes).toEqual(['pass']);
  });

  test('a deadline that fired while the host stood still proves nothing', () => {
    const story = history().connects().wait(900).record({ kind: 'stalled', process: 'client', lateMs: 500 });
    expect(look(story.fails('client', 'recv', 'timeout')).outcomes).toEqual(['unknown']);
  });

  test('one that fired while the proxy sat on the bytes proves nothing either', () => {
    const story = (waitMs: number) =>
      history()
        .connects()
        .clientSends(1, 0)
        .proxy({ kind: 'read', conn: 1, direction: 'downstream', offset: 0, bytes: 16 })
        .wait(waitMs);
    expect(look(story(900).fails('client', 'recv', 'timeout')).outcomes).toEqual(['unknown']);
    expect(look(story(900).fails('client', 'recv', 'closed')).outcomes).toEqual(['fail']);
    const handedOn = history().connects().exchanges(1, 0).wait(900).fails('client', 'recv', 'timeout');
    expect(look(handedOn).outcomes).toEqual(['fail']);
  });

  test('nor one that was up before the proxy read what had been sent, on a host that was seen to stall', () => {
    const story = (lateMs: number, readAfterMs: number) =>
      history({ params: { ioTimeoutMs: 400 } })
        .connects()
        .client({ event: 'sending', conn: 1, seq: 0, bytes: 12, sha256: '0'.repeat(64) })
        .wait(readAfterMs)
        .record({ kind: 'stalled', process: 'proxy', lateMs })
        .wait(400 - readAfterMs)
        .fails('client', 'recv', 'timeout')
        .wait(2)
        .proxy({ kind: 'read', conn: 1, direction: 'upstream', offset: 0, bytes: 16 });
    expect(look(story(60, 300)).outcomes).toEqual(['unknown']);
    expect(look(story(30, 300)).outcomes).toEqual(['fail']);
    const readInTime = history({ params: { ioTimeoutMs: 400 } })
      .connects()
      .clientSends(1, 0)
      .proxy({ kind: 'read', conn: 1, direction: 'upstream', offset: 0, bytes: 16 })
      .wait(300)
      .record({ kind: 'stalled', process: 'proxy', lateMs: 60 })
      .wait(100);
    expect(look(readInTime.fails('client', 'recv', 'timeout')).outcomes).toEqual(['fail']);
  });

  test('a reset is no less false on a host that stalled', () => {
    const story = history().connects().wait(900).record({ kind: 'stalled', process: 'client', lateMs: 500 });
    expect(look(story.fails('client', 'recv', 'reset')).outcomes).toEqual(['fail']);
  });

  test('a failure of no connection is an alarm too', () => {
    const story = history().server({ event: 'failed', op: 'accept', code: 'other', message: 'EMFILE' });
    expect(look(story).outcomes).toEqual(['fail']);
  });
});
