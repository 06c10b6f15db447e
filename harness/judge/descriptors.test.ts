import { describe, expect, test } from 'vitest';

import type { Invariant } from './finding.ts';
import { found, history, outcome } from './history.ts';
import type { History } from './history.ts';
import { keptContract } from './kept-contract.ts';
import { noFalseAlarm } from './no-false-alarm.ts';

/** The client has a connection to a server that says nothing of it. */
const unheard = () =>
  history()
    .client({ event: 'connecting', conn: 1, key: 1 })
    .proxy({ kind: 'accepted', conn: 1, clientPort: 40_001 })
    .client({ event: 'connected', conn: 1, localPort: 40_001 })
    .proxy({ kind: 'dialed', conn: 1, localPort: 50_001 });

const unlimited = (invariant: Invariant, story: History) => outcome(found(invariant, story.asItIs())).outcomes;

const limited = (invariant: Invariant, story: History) => {
  const evidence = story.asItIs();
  const plan = { ...story.plan, resources: { server: { fds: 16 } } };
  return outcome(found(invariant, { ...evidence, plan })).outcomes;
};

describe('a server with a limit on its descriptors', () => {
  test('need not tell of a connection that was ended for it', () => {
    const turnedAway = unheard()
      .proxy({ kind: 'fin-read', conn: 1, direction: 'downstream', offset: 0 })
      .proxy({ kind: 'fin-wrote', conn: 1, direction: 'downstream', offset: 0 })
      .wait(1500)
      .fails('client', 'recv', 'closed');
    expect(limited(keptContract, turnedAway)).toEqual(['pass']);
    expect(unlimited(keptContract, turnedAway)).toEqual(['fail']);
  });

  test('has to tell of one that it has, though it says nothing on it', () => {
    expect(limited(keptContract, unheard().wait(1500).fails('client', 'recv', 'timeout'))).toEqual(['fail']);
  });

  test('may tell that it could not accept, and only that', () => {
    const failing = (op: 'accept' | 'listen') =>
      history().connects().server({ event: 'failed', op, code: 'other', message: 'EMFILE' });
    expect(limited(noFalseAlarm, failing('accept'))).toEqual(['pass']);
    expect(unlimited(noFalseAlarm, failing('accept'))).toEqual(['fail']);
    expect(limited(noFalseAlarm, failing('listen'))).toEqual(['fail']);
  });
});
