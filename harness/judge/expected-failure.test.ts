import { describe, expect, test } from 'vitest';

import type { FailureCode } from '../contract/words.ts';
import type { PlannedFault } from '../scenario/fault.ts';
import { attemptOf, placesOfRole } from './attempt.ts';
import { isExpected } from './expected-failure.ts';
import { history } from './history.ts';
import type { History } from './history.ts';

const when = { on: 'before-connect' } as const;
const reset: PlannedFault = { id: 'f1', kind: 'reset', direction: 'downstream', at: 0, connections: [1], when };
const hold: PlannedFault = { id: 'f1', kind: 'hold', direction: 'downstream', at: 0, connections: [1], when };
const kill: PlannedFault = { id: 'f1', kind: 'kill', role: 'server', when };

const story = (fault: PlannedFault | null, codes: FailureCode[]): History =>
  history({
    faults: fault === null ? [] : [fault],
    expect: [{ kind: 'fails', role: 'client', codes }],
    params: { connections: 2 },
  })
    .connects(1)
    .connects(2);

/** Which of the client's failures the scenario names, in the order of its connections. */
function named(told: History): boolean[] {
  const attempt = attemptOf(told.asItIs());
  return placesOfRole(attempt, 'client').flatMap((place) =>
    place.side.failed === null ? [] : [isExpected(attempt, place, place.side.failed)],
  );
}

describe('a failure that the scenario names', () => {
  test('is named where its fault bit, and after that', () => {
    expect(named(story(reset, ['reset']).bites(1).fails('client', 'recv', 'reset'))).toEqual([true]);
  });

  test('is not named on a connection that the fault left alone', () => {
    const told = story(reset, ['reset'])
      .bites(1)
      .fails('client', 'recv', 'reset', 1)
      .fails('client', 'recv', 'reset', 2);
    expect(named(told)).toEqual([true, false]);
  });

  test('is not named before the fault', () => {
    expect(named(story(reset, ['reset']).fails('client', 'recv', 'reset').wait(200).bites(1))).toEqual([false]);
    const killed = story(kill, ['closed']).wait(500).fails('client', 'recv', 'closed').wait(200);
    const asked = { asked: { atMs: killed.nowMs, request: 'kill' } };
    expect(named(killed.delivers('f1', asked))).toEqual([false]);
  });

  test('is named a little before the proxy says that the fault bit', () => {
    expect(named(story(reset, ['reset']).fails('client', 'recv', 'reset').wait(10).bites(1))).toEqual([true]);
  });

  test('may be a deadline that was up before the fault bit, of a connection that it aims at', () => {
    const told = story(hold, ['timeout']).fails('client', 'recv', 'timeout', 1).fails('client', 'recv', 'timeout', 2);
    expect(named(told.wait(200).bites(1))).toEqual([true, false]);
  });

  test('is named wherever it came while nothing is proved, and where there is no fault', () => {
    const fails = (told: History) => named(told.fails('client', 'recv', 'reset', 2));
    expect(fails(story(reset, ['reset']))).toEqual([true]);
    expect(fails(story(null, ['reset']))).toEqual([true]);
    expect(fails(story(null, ['timeout']))).toEqual([false]);
  });
});
