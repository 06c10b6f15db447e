import { describe, expect, test } from 'vitest';

import type { PlannedFault } from '../scenario/fault.ts';
import { found, history, outcome } from './history.ts';
import type { History } from './history.ts';
import { paced } from './paced.ts';

const look = (story: History) => outcome(found(paced, story.asItIs()));

/** A client that is refused again and again, with these pauses between its attempts. */
function refused(pausesMs: readonly number[], params = {}, faults: PlannedFault[] = []): History {
  const story = history({ workload: 'reconnect', faults, params: { retries: 20, backoffMs: 100, ...params } });
  for (const [index, pauseMs] of [0, ...pausesMs].entries()) {
    story
      .wait(Math.max(0, pauseMs - 1))
      .client({ event: 'connecting', conn: index + 1, key: 1 })
      .fails('client', 'connect', 'refused', index + 1);
  }
  return story;
}

describe('paced', () => {
  test('pauses below bounds that double are right', () => {
    expect(look(refused([60, 180, 399, 10, 1500, 1999, 700]))).toMatchObject({
      outcomes: ['pass'],
      actual: expect.stringContaining('7 pauses'),
    });
  });

  test.each([
    ['the first', [450]],
    ['a later one', [10, 10, 750]],
    ['one beyond the greatest bound', [10, 10, 10, 10, 10, 10, 2400]],
  ])('%s that is too long is caught', (_title, pausesMs) => {
    expect(look(refused(pausesMs)).outcomes).toEqual(['fail']);
  });

  test('a pause that is too long proves nothing where the host stood still for as long', () => {
    const stalled = (lateMs: number) => {
      const story = refused([10]).wait(700).record({ kind: 'stalled', process: 'client', lateMs });
      return found(paced, story.client({ event: 'connecting', conn: 3, key: 1 }).asItIs());
    };
    expect(stalled(500)).toMatchObject([{ outcome: 'unknown', unknownReason: 'host-stalled' }]);
    expect(stalled(90)).toMatchObject([{ outcome: 'fail' }]);
  });

  test('a client that was frozen through its pause may be late', () => {
    const freeze: PlannedFault = { id: 'f1', kind: 'freeze', role: 'client', when: { on: 'before-connect' } };
    const story = refused([10], {}, [freeze]).delivers('f1').wait(700);
    expect(look(story.client({ event: 'connecting', conn: 3, key: 1 })).outcomes).not.toContain('fail');
  });

  test('one attempt too many is caught, once', () => {
    expect(look(refused([10, 10, 10, 10], { retries: 2 }))).toMatchObject({
      outcomes: ['fail'],
      expected: expect.stringContaining('at most 2 attempts'),
    });
    expect(look(refused([10, 10], { retries: 2 })).outcomes).toEqual(['pass']);
  });

  test('two attempts of one client side by side are caught', () => {
    const story = history({ workload: 'reconnect', params: { retries: 5 } })
      .connects(1, 1)
      .connects(2, 1);
    expect(look(story)).toMatchObject({ outcomes: ['fail'], expected: expect.stringContaining('at a time') });
    const other = history({ workload: 'reconnect', params: { retries: 5, connections: 2 } }).connects(1, 1);
    expect(look(other.connects(2, 2)).outcomes).toEqual(['not-checked']);
  });

  test('a client that is done with retries left, and answers owed to it, is caught', () => {
    const done = (retries: number) => refused([10, 10], { retries }).client({ event: 'done' });
    expect(look(done(2)).outcomes).toEqual(['pass']);
    expect(look(done(3))).toMatchObject({
      outcomes: ['fail'],
      expected: expect.stringContaining('1 attempt may follow'),
    });
    const told = refused([10], { retries: 5 }).inputEnds().client({ event: 'done' });
    expect(look(told).outcomes).toEqual(['pass']);
  });

  test('an answer starts the count and the bound anew', () => {
    const story = refused([10, 10], { retries: 3 })
      .wait(10)
      .connects(4, 1)
      .exchanges(4, 0, 1)
      .fails('client', 'recv', 'reset', 4);
    story.wait(90).client({ event: 'connecting', conn: 5, key: 1 }).fails('client', 'connect', 'refused', 5);
    expect(look(story).outcomes).toEqual(['pass']);
    story.wait(550).client({ event: 'connecting', conn: 6, key: 1 });
    expect(look(story).outcomes).toEqual(['fail']);
  });

  test('pauses that are always the whole bound, or always nothing, are no jitter', () => {
    expect(look(refused([100, 200, 400, 800, 1600, 2000, 2000, 2000])).actual).toMatch(
      /all 8 lie between 100 and 100 %/,
    );
    expect(look(refused([1, 1, 1, 1, 1, 1, 1, 1])).outcomes).toEqual(['fail']);
    expect(look(refused([50, 20, 390, 100, 1000, 2000, 5, 700])).outcomes).toEqual(['pass']);
  });

  test('the more pauses there are, the further apart they must lie', () => {
    const few = [80, 184, 376, 776, 1600, 2000, 1940, 1860, 1900];
    expect(look(refused(few)).outcomes).toEqual(['pass']);
    const nearlyInStep = Array.from({ length: 40 }, (_, index) => 1600 + (index % 10) * 35);
    const story = refused([...few.slice(0, 4), ...nearlyInStep], { retries: 60 });
    expect(look(story)).toMatchObject({ outcomes: ['fail'], actual: expect.stringContaining('all 44 lie between') });
    const upperHalf = Array.from({ length: 40 }, (_, index) => 1000 + (index % 10) * 100);
    expect(look(refused([60, 100, 300, 800, ...upperHalf], { retries: 60 })).outcomes).toEqual(['pass']);
  });

  test('pauses that are all as long are no chance either, however unlike their bounds', () => {
    const fixed = refused([90, 91, 90, 93, 90, 92, 90, 90]);
    expect(look(fixed)).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringMatching(/all 8 took between 9\d ms and 9\d ms, whatever their bounds/),
    });
    expect(look(refused([90, 10, 350, 93, 260, 92, 90, 1400])).outcomes).toEqual(['pass']);
  });

  test('a few pauses may be alike by chance', () => {
    expect(look(refused([100, 200, 400])).outcomes).toEqual(['pass']);
  });

  test('other workloads, and those that never tried again, are not looked at', () => {
    expect(look(history().connects()).outcomes).toEqual(['not-checked']);
    expect(look(refused([])).outcomes).toEqual(['not-checked']);
  });
});
