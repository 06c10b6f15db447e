import { describe, expect, test } from 'vitest';

import type { PlannedFault } from '../scenario/fault.ts';
import { client } from '../scenario/expectation.ts';
import { attemptOf } from './attempt.ts';
import { history } from './history.ts';
import { reset } from './history-plan.ts';
import type { Setting } from './history-plan.ts';
import type { History } from './history.ts';
import { examineSeen } from './seen.ts';

const pieces: PlannedFault = {
  id: 'f1',
  kind: 'fragment',
  direction: 'downstream',
  every: 1,
  gapMs: 0,
  when: { on: 'before-connect' },
};

const story = (faults: readonly PlannedFault[], setting: Setting = {}) =>
  history({ faults, seen: [client.seen('received', 1)], ...setting }).connects();
const look = (told: History) => examineSeen(attemptOf(told.asItIs())).map(({ finding }) => finding.outcome);

describe('what must have been seen', () => {
  test('before the fault is seen', () => {
    expect(look(story([reset]).exchanges(1, 0).wait(500).bites(1))).toEqual(['pass']);
  });

  test('never is unknown', () => {
    expect(look(story([reset]).bites(1).fails('client', 'recv', 'reset'))).toEqual(['unknown']);
  });

  test('long after the fault does not count', () => {
    expect(look(story([reset]).bites(1).wait(500).exchanges(1, 0))).toEqual(['unknown']);
  });

  test('what was on its way when the fault bit does', () => {
    const told = story([reset])
      .clientSends(1, 0)
      .serverReceives(1, 0)
      .serverEchoes(1, 0)
      .bites(1)
      .wait(3)
      .clientReceives(1, 0);
    expect(look(told)).toEqual(['pass']);
  });

  test('a fault that breaks nothing sets no end', () => {
    expect(look(story([pieces]).bites(1).wait(900).exchanges(1, 0))).toEqual(['pass']);
  });
});
