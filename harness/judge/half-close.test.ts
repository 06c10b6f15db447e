import { describe, expect, test } from 'vitest';

import type { PlannedFault } from '../scenario/fault.ts';
import { halfClose } from './half-close.ts';
import { cleanExchange, found, history, outcome } from './history.ts';
import { reset } from './history-plan.ts';
import type { Setting } from './history-plan.ts';
import type { History } from './history.ts';

const look = (story: History) => outcome(found(halfClose, story.asItIs()));

const fin: PlannedFault = { id: 'f1', kind: 'fin', direction: 'upstream', at: 104, when: { on: 'before-connect' } };

describe('after one direction ended the other still delivers', () => {
  test('an orderly exchange delivers everything', () => {
    expect(look(cleanExchange()).outcomes).toEqual(['pass']);
  });

  test('a server that drops its answer at the end of the other direction is caught', () => {
    const story = history({ workload: 'pipeline' }).connects().clientSends(1, 0).clientShutsDown().serverReceives(1, 0);
    story.server({ event: 'eof', conn: 1 }).server({ event: 'closed', conn: 1 });
    expect(look(story)).toMatchObject({ outcomes: ['fail'], actual: expect.stringContaining('it sent 0 answers') });
  });

  test('also when the proxy made that end', () => {
    const story = history({ faults: [fin] })
      .connects()
      .clientSends(1, 0)
      .serverReceives(1, 0)
      .cuts(1, 'upstream', 'fin');
    story.server({ event: 'eof', conn: 1 }).server({ event: 'closed', conn: 1 });
    expect(look(story).outcomes).toEqual(['fail']);
  });

  test('a server that says that it could not answer has said so', () => {
    const story = history({ workload: 'pipeline' }).connects().clientSends(1, 0).clientShutsDown().serverReceives(1, 0);
    expect(look(story.server({ event: 'eof', conn: 1 }).fails('server', 'send', 'broken-pipe')).outcomes).toEqual([
      'pass',
    ]);
  });

  test('a client that loses what was handed on before the end is caught', () => {
    const story = history({ workload: 'pipeline' })
      .connects()
      .clientSends(1, 0)
      .serverReceives(1, 0)
      .serverEchoes(1, 0)
      .clientShutsDown();
    story.server({ event: 'eof', conn: 1 }).server({ event: 'closed', conn: 1 }).ends(1, 'downstream');
    story.client({ event: 'eof', conn: 1 }).client({ event: 'closed', conn: 1 });
    expect(look(story)).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringContaining('received 0 and told of a clean end'),
    });
  });

  test('what the proxy cut off is not held against the one who did not get it', () => {
    const story = history({ workload: 'slow-reader', faults: [fin] })
      .connects()
      .clientSends(1, 0)
      .clientSends(1, 1)
      .clientShutsDown();
    story.bites(1).serverReceives(1, 0).server({ event: 'eof', conn: 1 }).server({ event: 'closed', conn: 1 });
    expect(look(story)).toMatchObject({
      outcomes: ['not-checked'],
      actual: 'of 1 side that saw an end nobody tells all that was accepted',
    });
  });

  test.each(['toxiproxy', 'wire'] as const)('an end of which only one side tells proves nothing (%s)', (proxy) => {
    const story = history({ workload: 'slow-reader', proxy }).connects(1);
    story.server({ event: 'eof', conn: 1 }).server({ event: 'closed', conn: 1 });
    expect(look(story).outcomes).toEqual(['not-checked']);
  });

  test('a client that leaves without waiting for the end is caught', () => {
    const story = history().connects().exchanges(1, 0).clientShutsDown().client({ event: 'closed', conn: 1 });
    expect(look(story)).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringContaining('neither an end nor a failure'),
    });
  });

  test('one that was told to end may', () => {
    const story = history().connects().exchanges(1, 0).inputEnds().client({ event: 'closed', conn: 1 });
    expect(look(story).outcomes).toEqual(['not-checked']);
  });

  test('in connect the client just goes, and in download the server', () => {
    const connects = history({ workload: 'connect' }).connects().client({ event: 'closed', conn: 1 });
    expect(look(connects).outcomes).toEqual(['not-checked']);
    const downloads = history({ workload: 'download' }).connects().server({ event: 'closed', conn: 1 });
    expect(look(downloads).outcomes).toEqual(['not-checked']);
  });
});

test('a server that is told to end still answers what it received, unless two seconds were not enough', () => {
  const told = (afterMs: number) =>
    history()
      .connects()
      .clientSends(1, 0)
      .serverReceives(1, 0)
      .inputEnds()
      .wait(afterMs)
      .server({ event: 'closed', conn: 1 });
  expect(look(told(100))).toMatchObject({ outcomes: ['fail'], actual: expect.stringContaining('sent 0 answers') });
  expect(look(told(2000)).outcomes).not.toContain('fail');
  const answered = history().connects().exchanges(1, 0).inputEnds().server({ event: 'closed', conn: 1 });
  expect(look(answered).outcomes).not.toContain('fail');
});

describe('a reset between messages is told as one', () => {
  /** A client that has its first echo when both legs are reset; the server has yet to tell. */
  const wasReset = (setting: Setting = {}) =>
    history({ faults: [reset], ...setting })
      .connects()
      .exchanges(1, 0)
      .cuts(1, 'downstream', 'rst')
      .cuts(1, 'upstream', 'rst')
      .fails('client', 'recv', 'reset');
  const toldAsEnd = (story: History) => story.server({ event: 'eof', conn: 1 }).server({ event: 'closed', conn: 1 });

  test('a side that tells of it as a clean end is caught', () => {
    expect(look(toldAsEnd(wasReset()))).toMatchObject({
      outcomes: ['fail'],
      expected: expect.stringContaining('server connection 1 tells of the reset'),
      actual: expect.stringMatching(/it told of a clean end at .*, which nobody sent it/),
    });
  });

  test('one that fails is not, nor one that was told to end before it came to read', () => {
    expect(look(wasReset().fails('server', 'recv', 'reset')).outcomes).not.toContain('fail');
    expect(look(wasReset().inputEnds().server({ event: 'closed', conn: 1 })).outcomes).not.toContain('fail');
  });

  test('nor one whose end came first, nor one whose failed send took the reset away from its receiver', () => {
    const endedFirst = history().connects().exchanges(1, 0).clientShutsDown().server({ event: 'eof', conn: 1 });
    endedFirst.cuts(1, 'upstream', 'rst').server({ event: 'closed', conn: 1 });
    expect(look(endedFirst).outcomes).not.toContain('fail');
    const both = wasReset().server({ event: 'eof', conn: 1 }).fails('server', 'send', 'reset');
    expect(look(both).outcomes).not.toContain('fail');
  });

  test('of what did not reach the side for certain nothing is said', () => {
    const cut: PlannedFault = { id: 'f2', kind: 'cut', role: 'server', when: { on: 'before-connect' } };
    expect(look(toldAsEnd(wasReset({ faults: [reset, cut] }))).outcomes).not.toContain('fail');
    expect(look(toldAsEnd(wasReset({ proxy: 'toxiproxy' }))).outcomes).not.toContain('fail');
    const twice = wasReset().proxy({ kind: 'accepted', conn: 2, clientPort: 40_001 });
    expect(look(toldAsEnd(twice)).outcomes).not.toContain('fail');
  });
});
