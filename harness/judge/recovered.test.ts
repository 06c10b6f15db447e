import { describe, expect, test } from 'vitest';

import type { PlannedFault } from '../scenario/fault.ts';
import { found, history, outcome } from './history.ts';
import type { History } from './history.ts';
import { recovered } from './recovered.ts';

const hold: PlannedFault = {
  id: 'f1',
  kind: 'hold',
  direction: 'downstream',
  at: 104,
  forMs: 500,
  when: { on: 'before-connect' },
};
const refuse: PlannedFault = { id: 'f1', kind: 'refuse', forMs: 500, when: { on: 'before-connect' } };

const look = (story: History) => outcome(found(recovered, story.asItIs()));
const lifts = (story: History) =>
  story.delivers('f1', { lifted: { askedAtMs: story.nowMs, acknowledgedAtMs: story.nowMs } });

/** An echo is held, then let go. */
const held = () => {
  const story = history({ faults: [hold] })
    .connects()
    .exchanges(1, 0)
    .clientSends(1, 1)
    .serverReceives(1, 1);
  return lifts(
    story
      .proxy({
        kind: 'effect',
        conn: 1,
        toxic: 'f1',
        type: 'hold',
        direction: 'downstream',
        effect: 'held',
        offset: 104,
      })
      .wait(500),
  );
};

/** A client that is refused, and whose path is open again while it waits for its second retry. */
const refused = (params = {}) => {
  const story = history({
    workload: 'reconnect',
    faults: [refuse],
    params: { retries: 5, backoffMs: 100, connectTimeoutMs: 200, ...params },
  });
  story.client({ event: 'connecting', conn: 1, key: 1 }).fails('client', 'connect', 'refused', 1);
  story.wait(50).client({ event: 'connecting', conn: 2, key: 1 }).fails('client', 'connect', 'refused', 2);
  return lifts(story);
};

describe('recovered', () => {
  test('an answer soon after the lift is right', () => {
    expect(look(held().wait(50).serverEchoes(1, 1).clientReceives(1, 1)).outcomes).toEqual(['pass']);
  });

  test('one long after is caught', () => {
    expect(look(held().wait(900).serverEchoes(1, 1).clientReceives(1, 1))).toMatchObject({
      outcomes: ['fail'],
      expected: expect.stringContaining('after the hold was lifted'),
    });
  });

  test('none at all on a connection that lives is caught', () => {
    expect(look(held().wait(900))).toMatchObject({ outcomes: ['fail'], actual: 'it never was again' });
  });

  test('a client that had given up is not waited for', () => {
    const story = history({ faults: [hold] })
      .connects()
      .clientSends(1, 0)
      .bites(1)
      .fails('client', 'recv', 'timeout');
    story.receipts.length = 0;
    expect(look(lifts(story.wait(100))).outcomes).toEqual(['not-checked']);
  });

  test('one that reconnects has the pause of its next retry, a connect and an answer', () => {
    expect(look(refused().wait(600).connects(3, 1).exchanges(3, 0, 1)).outcomes).toEqual(['pass']);
    expect(look(refused().wait(1000).connects(3, 1).exchanges(3, 0, 1)).outcomes).toEqual(['fail']);
    expect(look(refused()).outcomes).toEqual(['fail']);
  });

  test('a connect that hung has until the kernel tries again', () => {
    const hang: PlannedFault = { id: 'f1', kind: 'hang-connect', forMs: 500, when: { on: 'before-connect' } };
    const story = (laterMs: number) => {
      const told = history({ faults: [hang], params: { connectTimeoutMs: 3000 } });
      told.client({ event: 'connecting', conn: 1, key: 1 }).wait(500);
      lifts(told).wait(laterMs);
      told
        .proxy({ kind: 'accepted', conn: 1, clientPort: 40_001 })
        .proxy({ kind: 'dialed', conn: 1, localPort: 50_001 });
      told
        .client({ event: 'connected', conn: 1, localPort: 40_001 })
        .server({ event: 'accepted', conn: 1, peerPort: 50_001 });
      return told.exchanges(1, 0);
    };
    expect(look(story(800)).outcomes).toEqual(['pass']);
    expect(look(story(2600)).outcomes).toEqual(['fail']);
  });

  test('unless it has no retry left', () => {
    expect(look(refused({ retries: 1 })).outcomes).toEqual(['not-checked']);
  });

  test('late on a host that stalled proves nothing', () => {
    const story = held().wait(600).record({ kind: 'stalled', process: 'server', lateMs: 400 });
    expect(look(story.serverEchoes(1, 1).clientReceives(1, 1)).outcomes).toEqual(['unknown']);
  });

  test('service that another fault broke before it could return is not waited for', () => {
    const again: PlannedFault = { ...refuse, id: 'f2', when: { on: 'time', afterMs: 600 } };
    const story = history({ workload: 'reconnect', faults: [refuse, again], params: { retries: 5, backoffMs: 100 } });
    story.client({ event: 'connecting', conn: 1, key: 1 }).fails('client', 'connect', 'refused', 1);
    lifts(story).wait(50).delivers('f2', { lifted: null });
    expect(look(story.wait(3000)).outcomes).toEqual(['not-checked']);
  });

  test('a fault that is never lifted promises nothing', () => {
    const { forMs: _, ...stays } = hold;
    expect(
      look(
        history({ faults: [stays] })
          .connects()
          .bites(1),
      ).outcomes,
    ).toEqual(['not-checked']);
  });
});
