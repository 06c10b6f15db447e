import { describe, expect, test } from 'vitest';

import type { ParamsInput } from '../contract/params.ts';
import type { Workload } from '../contract/words.ts';
import type { PlannedFault } from '../scenario/fault.ts';
import { cleanExchange, found, history, outcome } from './history.ts';
import type { History } from './history.ts';
import { played } from './played.ts';

const look = (story: History) => outcome(found(played, story.asItIs()));
const begun = (workload: Workload, params: ParamsInput) => history({ workload, params }).connects();

test('a clean exchange is played as asked', () => {
  expect(look(cleanExchange()).outcomes).toEqual(['pass']);
});

describe('connections', () => {
  test('no more of them than asked, but for the attempts of reconnect', () => {
    const two = (workload: Workload) => begun(workload, { messages: 1 }).endsInOrder(1).connects(2, 1);
    expect(look(two('echo'))).toMatchObject({ outcomes: ['fail'], actual: 'it made 2' });
    expect(look(two('reconnect')).outcomes).toEqual(['pass']);
  });

  test('no more of them at a time than asked', () => {
    const three = (concurrency: number) => begun('echo', { connections: 3, concurrency }).connects(2).connects(3);
    expect(look(three(2))).toMatchObject({
      outcomes: ['fail'],
      expected: expect.stringContaining('2 connections at a'),
    });
    expect(look(three(3)).outcomes).toEqual(['pass']);
    const inTurns = begun('echo', { connections: 2, concurrency: 1 }).endsInOrder(1).connects(2);
    expect(look(inTurns).outcomes).toEqual(['pass']);
  });
});

describe('pauses', () => {
  test('a client that paces its messages waits before each', () => {
    const paced = (ms: number) => begun('echo', { paceMs: 200 }).exchanges(1, 0).wait(ms).exchanges(1, 1);
    expect(look(paced(200)).outcomes).toEqual(['pass']);
    expect(look(paced(100))).toMatchObject({ outcomes: ['fail'], expected: expect.stringContaining('message 1') });
  });

  test('in a download the server does', () => {
    const sends = (ms: number) => {
      const story = begun('download', { paceMs: 200 });
      for (const seq of [0, 1]) {
        const { wire, ...message } = story.message('server', seq);
        story
          .server({ event: 'sending', conn: 1, ...message })
          .passes(1, 'downstream', wire)
          .wait(ms);
      }
      return story;
    };
    expect(look(sends(200)).outcomes).toEqual(['pass']);
    expect(look(sends(100)).outcomes).toEqual(['fail']);
  });

  test('a slow reader reads nothing for its pause', () => {
    const reads = (ms: number) =>
      begun('slow-reader', { readPauseMs: 500 }).clientSends(1, 0).wait(ms).serverReceives(1, 0);
    expect(look(reads(500)).outcomes).toEqual(['pass']);
    expect(look(reads(100))).toMatchObject({
      outcomes: ['fail'],
      expected: expect.stringContaining('reads no sooner'),
    });
  });

  test('an idle client stays for its time, unless it is told to end', () => {
    const stays = (ms: number) => begun('idle', { durationMs: 1000 }).wait(ms);
    expect(look(stays(1000).endsInOrder()).outcomes).toEqual(['pass']);
    expect(look(stays(500).endsInOrder())).toMatchObject({
      outcomes: ['fail'],
      expected: expect.stringContaining('leaves'),
    });
    expect(look(stays(500).inputEnds().endsInOrder()).outcomes).toEqual(['pass']);
    expect(look(stays(500).fails('client', 'recv', 'reset')).outcomes).toEqual(['pass']);
  });
});

describe('heartbeats', () => {
  const idle = (faults: readonly PlannedFault[] = []) =>
    history({ workload: 'idle', params: { durationMs: 1000, heartbeatMs: 100 }, faults }).connects();
  const beats = (story: History, times: number, everyMs: number): History => {
    for (let nth = 0; nth < times; nth += 1) story.wait(everyMs).passes(1, 'upstream', 4).passes(1, 'downstream', 4);
    return story;
  };

  test('at their interval are right, far apart or none are caught', () => {
    expect(look(beats(idle(), 9, 100).wait(100).endsInOrder()).outcomes).toEqual(['pass']);
    expect(look(beats(idle(), 5, 200).endsInOrder()).outcomes).toEqual(['fail', 'fail']);
    expect(look(idle().wait(1000).endsInOrder()).outcomes).toEqual(['fail', 'fail']);
  });

  test('are asked for only until a fault bites', () => {
    const hold: PlannedFault = { id: 'f1', kind: 'hold', direction: 'upstream', at: 8, when: { on: 'before-connect' } };
    const held = beats(idle([hold]), 2, 100)
      .bites(1, 'f1', 'upstream')
      .wait(500)
      .fails('server', 'recv', 'dead-peer');
    expect(look(held).outcomes).toEqual(['pass']);
  });

  test('that a stalled proxy does not take may have been sent', () => {
    const stall: PlannedFault = {
      id: 'f1',
      kind: 'stall',
      direction: 'upstream',
      at: 8,
      when: { on: 'before-connect' },
    };
    const story = beats(idle([stall]), 2, 100);
    for (let nth = 0; nth < 6; nth += 1) story.wait(100).passes(1, 'downstream', 4);
    expect(look(story.fails('server', 'recv', 'dead-peer')).outcomes).toEqual(['pass']);
  });

  test('late on a host that stalled prove nothing', () => {
    const story = beats(idle(), 2, 100).wait(300).record({ kind: 'stalled', process: 'proxy', lateMs: 200 });
    expect(look(beats(story, 1, 1)).outcomes).toEqual(['unknown', 'unknown']);
  });
});

test('bytes that no message accounts for are caught', () => {
  expect(look(cleanExchange().passes(1, 'upstream', 1))).toMatchObject({
    outcomes: ['fail'],
    actual: 'the proxy had 313 bytes from it',
  });
  expect(look(cleanExchange().passes(1, 'downstream', 1)).outcomes).toEqual(['fail']);
});
