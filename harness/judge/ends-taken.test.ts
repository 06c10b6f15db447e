import { describe, expect, test } from 'vitest';

import type { Workload } from '../contract/words.ts';
import type { PlannedFault } from '../scenario/fault.ts';
import { found, history } from './history.ts';
import type { History } from './history.ts';
import { settled } from './settled.ts';

const reset: PlannedFault = { id: 'f1', kind: 'reset', direction: 'upstream', at: 104, when: { on: 'before-connect' } };

/** What the invariant has against a story, beside what is no part of this. */
const look = (story: History): string[] =>
  found(settled, story.asItIs())
    .filter(({ outcome, expected }) => outcome !== 'pass' && /reached it at|let go of/.test(expected))
    .map(({ outcome }) => outcome);

const cut = (by: 'fin' | 'rst', workload: Workload = 'echo') =>
  history({ workload, faults: [reset], params: { ioTimeoutMs: 5000 } })
    .connects()
    .exchanges(1, 0)
    .cuts(1, 'upstream', by);

describe('an end that was handed to a side that reads', () => {
  test.each(['fin', 'rst'] as const)('by %s is told at once, and not only when the side is told to end', (by) => {
    expect(look(cut(by).wait(20).fails('server', 'recv', 'reset'))).toEqual([]);
    expect(look(cut(by).wait(700).fails('server', 'recv', 'reset'))).toEqual(['fail']);
    expect(look(cut(by).wait(700).inputEnds())).toEqual(['fail']);
    expect(look(cut(by).wait(200).inputEnds())).toEqual([]);
  });

  test('a server that is at an answer, or does not read for now, need not see it', () => {
    const answers = history({ faults: [reset] })
      .connects()
      .clientSends(1, 0)
      .serverReceives(1, 0)
      .cuts(1, 'upstream', 'fin');
    expect(look(answers.wait(700).inputEnds())).toEqual([]);
    expect(look(cut('fin', 'slow-reader').wait(700).inputEnds())).toEqual([]);
  });

  test('late on a host that stalled proves nothing', () => {
    const story = cut('rst').wait(600).record({ kind: 'stalled', process: 'server', lateMs: 400 });
    expect(look(story.wait(100).fails('server', 'recv', 'reset'))).toEqual(['unknown']);
  });
});
