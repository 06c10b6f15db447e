import { describe, expect, test } from 'vitest';

import type { FailureCode, Operation, Role } from '../contract/words.ts';
import type { PlannedFault } from '../scenario/fault.ts';
import { classified } from './classified.ts';
import { found, history, outcome } from './history.ts';
import type { History } from './history.ts';

const look = (story: History) => outcome(found(classified, story.asItIs()));

const armed = { when: { on: 'before-connect' } } as const;
const reset: PlannedFault = { id: 'f1', kind: 'reset', direction: 'downstream', at: 0, ...armed };
const FAULTS: Record<string, PlannedFault> = {
  reset,
  fin: { id: 'f1', kind: 'fin', direction: 'downstream', at: 0, ...armed },
  hold: { id: 'f1', kind: 'hold', direction: 'downstream', at: 0, ...armed },
  swallow: { id: 'f1', kind: 'swallow', direction: 'downstream', at: 0, ...armed },
  refuse: { id: 'f1', kind: 'refuse', ...armed },
  reject: { id: 'f1', kind: 'reject', icmp: 'host-unreachable', ...armed },
  freeze: { id: 'f1', kind: 'freeze', role: 'server', ...armed },
  kill: { id: 'f1', kind: 'kill', role: 'server', ...armed },
};

function failsUnder(fault: string, role: Role, op: Operation, code: FailureCode): string[] {
  const planned = FAULTS[fault];
  const story = history({ faults: planned === undefined ? [] : [planned] })
    .connects()
    .bites(1)
    .fails(role, op, code);
  return look(story).outcomes;
}

describe('the code is one that its cause can bring about', () => {
  test.each([
    ['reset', 'client', 'recv', 'reset'],
    ['reset', 'client', 'recv', 'broken-pipe'],
    ['reset', 'server', 'send', 'reset'],
    ['fin', 'client', 'recv', 'truncated'],
    ['fin', 'client', 'recv', 'closed'],
    ['fin', 'client', 'recv', 'mismatch'],
    ['hold', 'client', 'recv', 'timeout'],
    ['swallow', 'client', 'recv', 'dead-peer'],
    ['refuse', 'client', 'connect', 'refused'],
    ['reject', 'client', 'connect', 'unreachable'],
    ['reject', 'client', 'connect', 'timeout'],
    ['freeze', 'client', 'recv', 'dead-peer'],
    ['kill', 'client', 'recv', 'closed'],
    ['kill', 'client', 'recv', 'reset'],
  ] as const)('%s may give the %s on %s: %s', (fault, role, op, code) => {
    expect(failsUnder(fault, role, op, code)).toEqual(['pass']);
  });

  test.each([
    ['reset', 'client', 'recv', 'truncated'],
    ['reset', 'client', 'recv', 'closed'],
    ['reset', 'client', 'recv', 'timeout'],
    ['fin', 'client', 'recv', 'reset'],
    ['fin', 'client', 'recv', 'dead-peer'],
    ['hold', 'client', 'recv', 'closed'],
    ['swallow', 'client', 'recv', 'truncated'],
    ['refuse', 'client', 'connect', 'timeout'],
    ['refuse', 'client', 'connect', 'other'],
    ['reject', 'client', 'connect', 'reset'],
    ['reject', 'client', 'connect', 'refused'],
    ['reject', 'client', 'recv', 'unreachable'],
    ['freeze', 'client', 'recv', 'reset'],
    ['kill', 'client', 'recv', 'dead-peer'],
    ['kill', 'client', 'recv', 'malformed'],
  ] as const)('%s never gives the %s on %s: %s', (fault, role, op, code) => {
    expect(failsUnder(fault, role, op, code)).toEqual(['fail']);
  });

  test('a side that goes away lets the other be told of an end or a reset', () => {
    const fin = FAULTS['fin'];
    const story = history({ faults: fin === undefined ? [] : [fin] })
      .connects()
      .bites(1)
      .fails('client', 'recv', 'closed')
      .ends(1, 'upstream');
    expect(look(story.fails('server', 'send', 'broken-pipe')).outcomes).toEqual(['pass']);
  });

  test('a deadline that is up together with an end may be told as a timeout', () => {
    const story = (faults: readonly PlannedFault[] = []) =>
      history({ params: { ioTimeoutMs: 500 }, faults })
        .connects()
        .clientSends(1, 0);
    const together = story().wait(450).ends(1, 'downstream').wait(60).fails('client', 'recv', 'timeout');
    expect(look(together).outcomes).toEqual(['pass']);
    const unproved = story([reset]).wait(450).ends(1, 'downstream').wait(60).fails('client', 'recv', 'timeout');
    expect(look(unproved).outcomes).toEqual(['pass']);
    const long = story().wait(100).ends(1, 'downstream').wait(400).fails('client', 'recv', 'timeout');
    expect(look(long).outcomes).toEqual(['fail']);
  });

  test('a deadline that a stalled host let pass proves nothing, whatever else had happened', () => {
    const story = (lateMs: number) =>
      history({ params: { ioTimeoutMs: 500 } })
        .connects()
        .clientSends(1, 0)
        .wait(100)
        .ends(1, 'downstream')
        .wait(400)
        .record({ kind: 'stalled', process: 'client', lateMs })
        .fails('client', 'recv', 'timeout');
    expect(look(story(450)).outcomes).toEqual(['unknown']);
    expect(look(story(40)).outcomes).toEqual(['fail']);
  });

  test('truncated where the stream ended between messages is the wrong name', () => {
    const fin: PlannedFault = { id: 'f1', kind: 'fin', direction: 'downstream', at: 104, ...armed };
    const story = history({ faults: [fin] })
      .connects()
      .exchanges(1, 0)
      .cuts(1, 'downstream', 'fin');
    expect(look(story.fails('client', 'recv', 'truncated'))).toMatchObject({
      outcomes: ['fail'],
      expected: expect.stringContaining('between messages, at byte 104'),
    });
  });

  test('real Toxiproxy makes an end of a reset', () => {
    const story = history({ proxy: 'toxiproxy', faults: [reset] })
      .connects()
      .delivers('f1');
    expect(look(story.fails('client', 'recv', 'truncated')).outcomes).toEqual(['pass']);
  });

  test('a failure without any cause has no right name, nor a wrong one: that is a false alarm', () => {
    expect(look(history().connects().fails('client', 'recv', 'reset'))).toMatchObject({
      outcomes: ['not-checked'],
      actual: 'nothing is known that caused 1 failure',
    });
  });

  test('without a failure there is nothing to name', () => {
    expect(look(history().connects()).outcomes).toEqual(['not-checked']);
  });

  test('a wrong name under a fault that is not proved counts only with it', () => {
    const hold = FAULTS['hold'];
    const story = history({ faults: hold === undefined ? [] : [hold] })
      .connects()
      .fails('client', 'recv', 'reset');
    expect(found(classified, story.asItIs())).toMatchObject([{ outcome: 'fail', dependsOnFault: true }]);
  });
});
