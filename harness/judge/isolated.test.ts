import { describe, expect, test } from 'vitest';

import type { PlannedFault } from '../scenario/fault.ts';
import { found, history, outcome } from './history.ts';
import type { History } from './history.ts';
import { isolated } from './isolated.ts';

const hold: PlannedFault = {
  id: 'f1',
  kind: 'hold',
  direction: 'downstream',
  at: 0,
  connections: [1],
  when: { on: 'before-connect' },
};

const look = (story: History) => outcome(found(isolated, story.asItIs()));
const two = (setting = {}) =>
  history({ faults: [hold], params: { connections: 2 }, ...setting })
    .connects(1)
    .connects(2);

describe('isolated', () => {
  test('a connection beside a broken one is answered as ever', () => {
    expect(look(two().bites(1).exchanges(2, 0).exchanges(2, 1)).outcomes).toEqual(['pass']);
  });

  test('one that waits for the broken one is caught', () => {
    const story = two()
      .bites(1)
      .clientSends(2, 0)
      .wait(400)
      .serverReceives(2, 0)
      .serverEchoes(2, 0)
      .clientReceives(2, 0);
    expect(look(story)).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringMatching(/answer 0 on client connection 2 took 40\d ms/),
    });
  });

  test('a connection that opens meanwhile takes its share of the wait, and no more', () => {
    const three = (waitMs: number, opens: boolean) => {
      const story = history({ faults: [hold], params: { connections: 3 } })
        .connects(1)
        .connects(2)
        .bites(1)
        .clientSends(2, 0)
        .wait(waitMs / 2);
      if (opens) story.connects(3);
      return story
        .wait(waitMs / 2)
        .serverReceives(2, 0)
        .serverEchoes(2, 0)
        .clientReceives(2, 0);
    };
    expect(look(three(246, true)).outcomes).toEqual(['pass']);
    expect(look(three(252, false)).outcomes).toEqual(['fail']);
    expect(look(three(400, true)).outcomes).toEqual(['fail']);
  });

  test('connections that all open at once take no more of it than they took to open', () => {
    const crowd = (waitMs: number) => {
      const story = history({ faults: [hold], params: { connections: 12, concurrency: 12 } })
        .connects(1)
        .connects(2)
        .bites(1)
        .clientSends(2, 0);
      for (let conn = 3; conn <= 12; conn += 1) story.connects(conn);
      return story.wait(waitMs).serverReceives(2, 0).serverEchoes(2, 0).clientReceives(2, 0);
    };
    expect(look(crowd(310)).outcomes).toEqual(['pass']);
    expect(look(crowd(360)).outcomes).toEqual(['fail']);
  });

  test('the broken one itself may be late', () => {
    const story = two()
      .clientSends(1, 0)
      .bites(1)
      .exchanges(2, 0)
      .wait(900)
      .serverReceives(1, 0)
      .serverEchoes(1, 0)
      .clientReceives(1, 0);
    expect(look(story).outcomes).toEqual(['pass']);
  });

  test('a host that stalled explains it', () => {
    const story = two()
      .bites(1)
      .clientSends(2, 0)
      .wait(300)
      .record({ kind: 'stalled', process: 'server', lateMs: 200 });
    expect(look(story.serverReceives(2, 0).serverEchoes(2, 0).clientReceives(2, 0)).outcomes).toEqual(['unknown']);
  });

  test('the bound gives way to the host as every other does, and no further', () => {
    const story = (waitMs: number) =>
      two().bites(1).clientSends(2, 0).wait(waitMs).serverReceives(2, 0).serverEchoes(2, 0).clientReceives(2, 0);
    expect(look(story(225)).outcomes).toEqual(['pass']);
    expect(look(story(260)).outcomes).toEqual(['fail']);
  });

  test('of many connections at once each may take its share longer, and no more', () => {
    const story = (waitMs: number) => {
      const many = history({ faults: [hold], params: { connections: 32, concurrency: 32 } });
      for (let each = 1; each <= 32; each += 1) many.connects(each);
      return many.bites(1).clientSends(2, 0).wait(waitMs).serverReceives(2, 0).serverEchoes(2, 0).clientReceives(2, 0);
    };
    expect(look(story(500)).outcomes).toEqual(['pass']);
    expect(look(story(650)).outcomes).toEqual(['fail']);
  });

  test('where no connection without a fault got an answer, nothing tells how long one takes', () => {
    expect(look(two().bites(1).clientSends(2, 0).wait(900))).toMatchObject({
      outcomes: ['not-checked'],
      actual: 'no connection without a fault got an answer',
    });
  });

  test('where all are broken, or none, there is nothing to compare', () => {
    expect(look(two().bites(1).bites(2)).outcomes).toEqual(['not-checked']);
    expect(look(two().exchanges(2, 0)).outcomes).toEqual(['not-checked']);
    expect(look(two({ proxy: 'toxiproxy' }).delivers('f1')).outcomes).toEqual(['not-checked']);
  });
});
