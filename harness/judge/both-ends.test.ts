import { describe, expect, test } from 'vitest';

import type { PlannedFault } from '../scenario/fault.ts';
import { cleanExchange, found, history, outcome } from './history.ts';
import type { Setting } from './history-plan.ts';
import type { History } from './history.ts';
import { keptContract } from './kept-contract.ts';

const look = (story: History) => outcome(found(keptContract, story.asItIs()));

/** The proxy has a connection from the client to a server that says nothing of it. */
const unheard = (setting: Setting = {}) =>
  history(setting)
    .client({ event: 'connecting', conn: 1, key: 1 })
    .proxy({ kind: 'accepted', conn: 1, clientPort: 40_001 })
    .client({ event: 'connected', conn: 1, localPort: 40_001 })
    .proxy({ kind: 'dialed', conn: 1, localPort: 50_001 });

describe('a connection made to the server is told by the server', () => {
  test('one that never is, is a breach', () => {
    const told = look(unheard().wait(1500).fails('client', 'recv', 'timeout'));
    expect(told).toMatchObject({ outcomes: ['fail'], actual: 'it told nothing of it' });
    expect(told.expected).toMatch(/the server tells that it accepted connection 1/);
  });

  const kernels: readonly [string, (story: History) => History][] = [
    [
      'was reset before it was accepted',
      (story) => story.proxy({ kind: 'rst-wrote', conn: 1, direction: 'upstream', offset: 0 }),
    ],
    ['came as the server’s input ended', (story) => story.inputEnds()],
    ['came as the server ended', (story) => story.exits('server')],
  ];
  test.each(kernels)('one that %s may not be', (_title, happens) => {
    expect(look(happens(unheard()).wait(1500)).outcomes).toEqual(['pass']);
  });

  const freeze: PlannedFault = { id: 'f1', kind: 'freeze', role: 'server', when: { on: 'before-connect' } };
  test('nor one to a server that is frozen or killed', () => {
    const frozen = unheard({ faults: [freeze] }).delivers('f1');
    expect(look(frozen.wait(1500)).outcomes).toEqual(['pass']);
    const kill: PlannedFault = { id: 'f1', kind: 'kill', role: 'server', when: { on: 'before-connect' } };
    const killed = unheard({ faults: [kill] }).delivers('f1');
    expect(look(killed.wait(1500)).outcomes).toEqual(['pass']);
  });

  test('but one on which the server sent bytes always is', () => {
    const answered = unheard({ faults: [freeze] })
      .delivers('f1')
      .passes(1, 'downstream', 8);
    expect(look(answered).actual).toMatch(/yet sent bytes on it/);
    const reset = unheard().passes(1, 'downstream', 8);
    reset.proxy({ kind: 'rst-wrote', conn: 1, direction: 'upstream', offset: 0 });
    expect(look(reset).outcomes).toEqual(['fail']);
  });

  test('where the proxy tells nothing, an answer tells of the connection', () => {
    const whole = cleanExchange({ proxy: 'toxiproxy' }).asItIs();
    expect(found(keptContract, whole)[0]?.outcome).toBe('pass');
    const records = whole.records.filter(
      (record) => record.kind !== 'event' || !('conn' in record.event) || record.role !== 'server',
    );
    expect(outcome(found(keptContract, { ...whole, records }))).toMatchObject({
      outcomes: ['fail'],
      actual: 'it told of 0',
    });
  });
});

describe('a side names its connection by the port that the proxy knows', () => {
  test('a server’s other port is a breach, and named once', () => {
    const told = look(unheard().server({ event: 'accepted', conn: 1, peerPort: 50_002 }));
    expect(told).toMatchObject({ outcomes: ['fail'], actual: expect.stringContaining('it was 50002') });
    expect(told.expected).toMatch(/accepted\.peerPort/);
  });

  test('unless the proxy gave up dialing: that connection’s port is not known', () => {
    const story = history().client({ event: 'connecting', conn: 1, key: 1 });
    story.proxy({ kind: 'accepted', conn: 1, clientPort: 40_001 });
    expect(look(story.server({ event: 'accepted', conn: 1, peerPort: 50_002 })).outcomes).toEqual(['pass']);
  });

  test('so is a client’s, where the proxy has bytes of a client that nobody claims, or the client heard something', () => {
    const connected = history()
      .proxy({ kind: 'listening' })
      .client({ event: 'connecting', conn: 1, key: 1 })
      .client({ event: 'connected', conn: 1, localPort: 40_002 });
    expect(look(connected).outcomes).toEqual(['pass']);
    expect(look(connected.clientReceives(1, 0)).expected).toMatch(/connected\.localPort/);
    const claimed = history().connects(1).client({ event: 'connecting', conn: 2, key: 2 });
    claimed.client({ event: 'connected', conn: 2, localPort: 40_009 });
    claimed.proxy({ kind: 'accepted', conn: 2, clientPort: 40_002 }).passes(2, 'upstream', 8);
    expect(look(claimed).expected).toMatch(/connected\.localPort/);
  });

  test('bytes of a client that tells of no connection are a breach', () => {
    const story = history().proxy({ kind: 'accepted', conn: 1, clientPort: 40_001 }).passes(1, 'upstream', 8);
    expect(look(story).actual).toBe('it told of no connection with its port');
  });
});

describe('a server can be reached where it says that it listens', () => {
  const unreached = (setting: Setting = {}) =>
    history(setting)
      .client({ event: 'connecting', conn: 1, key: 1 })
      .proxy({ kind: 'accepted', conn: 1, clientPort: 40_001 })
      .client({ event: 'connected', conn: 1, localPort: 40_001 });
  const refused = { kind: 'dial-failed', conn: 1, code: 'refused', message: '' } as const;

  test('one that cannot is named, with its port', () => {
    expect(look(unreached().proxy(refused))).toMatchObject({
      outcomes: ['fail'],
      expected: 'the server can be reached on the port 7000 that it named',
      actual: expect.stringContaining('the proxy could not reach it there'),
    });
  });

  test('one that had ended, was told to end or was killed need not be', () => {
    expect(look(unreached().exits('server').proxy(refused)).outcomes).toEqual(['pass']);
    expect(look(unreached().proxy(refused).exits('server', 1)).outcomes).toEqual(['pass']);
    expect(look(unreached().inputEnds().proxy(refused)).outcomes).toEqual(['pass']);
    const kill: PlannedFault = { id: 'f1', kind: 'kill', role: 'server', when: { on: 'before-connect' } };
    expect(
      look(
        unreached({ faults: [kill] })
          .delivers('f1')
          .proxy(refused),
      ).outcomes,
    ).toEqual(['pass']);
  });

  test('so is a connection on which a client sent nothing, unless it may be one that it gave up', () => {
    const story = () => history().connects().proxy({ kind: 'accepted', conn: 2, clientPort: 40_009 });
    expect(look(story()).actual).toBe(
      'the proxy had 1 connection that the client told nothing of, and 0 that it gave up',
    );
    expect(look(story().client({ event: 'connecting', conn: 2, key: 2 })).outcomes).toEqual(['pass']);
  });
});
