import { expect, test } from 'vitest';

import type { PlannedFault } from '../scenario/fault.ts';
import { attemptOf } from './attempt.ts';
import { history } from './history.ts';

const reset: PlannedFault = { id: 'f1', kind: 'reset', direction: 'downstream', at: 0, when: { on: 'before-connect' } };

/** When the fault is taken to have bitten the only connection. */
const bitten = (story: ReturnType<typeof history>) => {
  const attempt = attemptOf(story.delivers('f1').asItIs());
  const [connection] = attempt.connections;
  return connection === undefined ? undefined : attempt.faults[0]?.on(connection);
};

test('a reset that was told before the receivers had it counts for them from when they had it', () => {
  const story = history({ faults: [reset] })
    .connects()
    .bites(1, 'f1', 'downstream');
  const toldMs = story.nowMs;
  story.wait(800).proxy({ kind: 'rst-wrote', conn: 1, direction: 'downstream', offset: 0 });
  expect(bitten(story)).toEqual({ earliestMs: toldMs, latestMs: toldMs + 800 });
});

test('a reset that was told after both legs had it counts from the first to the last of them', () => {
  const story = history({ faults: [reset] }).connects();
  story.proxy({ kind: 'rst-wrote', conn: 1, direction: 'upstream', offset: 0 });
  const firstMs = story.nowMs;
  story.wait(5).proxy({ kind: 'rst-wrote', conn: 1, direction: 'downstream', offset: 0 });
  story.wait(5).bites(1, 'f1', 'downstream');
  expect(bitten(story)).toEqual({ earliestMs: firstMs, latestMs: firstMs + 5 });
});

test('an orderly end is no part of a reset', () => {
  const story = history({ faults: [reset] })
    .connects()
    .bites(1, 'f1', 'downstream');
  const toldMs = story.nowMs;
  story.wait(800).proxy({ kind: 'fin-wrote', conn: 1, direction: 'downstream', offset: 0 });
  expect(bitten(story)).toEqual({ earliestMs: toldMs, latestMs: toldMs });
});
