import { describe, expect, test } from 'vitest';

import type { PlannedFault } from '../scenario/fault.ts';
import { cleanExchange, found, history, outcome } from './history.ts';
import type { History } from './history.ts';
import { once } from './once.ts';

const look = (story: History) => outcome(found(once, story.asItIs()));

/** Message 0 is sent on a first connection, which is reset before its answer comes, and again on a second. */
const sentAgain = () => {
  const story = history({ workload: 'reconnect' }).connects(1, 1).clientSends(1, 0, 1).serverReceives(1, 0, 1);
  return story.fails('client', 'recv', 'reset', 1).connects(2, 1).clientSends(2, 0, 1);
};

describe('once', () => {
  test('a clean exchange delivers each message once', () => {
    expect(look(cleanExchange()).outcomes).toEqual(['pass']);
  });

  test('a message that was sent again may come again', () => {
    expect(look(sentAgain().serverReceives(2, 0, 1)).outcomes).toEqual(['pass', 'pass']);
  });

  test('but no more often than it was sent', () => {
    const story = sentAgain().serverReceives(2, 0, 1);
    const { bytes, sha256 } = story.message(1, 0);
    story.server({ event: 'received', conn: 2, seq: 1, bytes, sha256 });
    expect(look(story)).toMatchObject({ outcomes: ['fail'], expected: expect.stringContaining('sent 2 times') });
  });

  test('what was sent on one connection does not come on another as well', () => {
    const story = history({ params: { connections: 2 } })
      .connects(1)
      .connects(2)
      .clientSends(1, 0)
      .serverReceives(1, 0);
    expect(look(story.serverReceives(2, 0, 1)).outcomes).toEqual(['fail']);
  });

  test('a message that was answered is not sent again', () => {
    const story = history({ workload: 'reconnect' })
      .connects(1, 1)
      .exchanges(1, 0, 1)
      .fails('client', 'recv', 'reset', 1);
    expect(look(story.connects(2, 1).clientSends(2, 0, 1))).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringContaining('whose answer it has'),
    });
  });

  test('a message that was not answered is not left out', () => {
    const skips = sentAgain().serverReceives(2, 0, 1).serverEchoes(2, 0, 1).clientReceives(2, 0, 1);
    expect(look(skips).outcomes).toEqual(['pass', 'pass']);
    skips.clientSends(2, 2, 1);
    expect(look(skips)).toMatchObject({ outcomes: ['fail'], expected: expect.stringContaining('message 1, the next') });

    const story = history({ workload: 'reconnect' }).connects(1, 1).clientSends(1, 0, 1).serverReceives(1, 0, 1);
    story.fails('client', 'recv', 'reset', 1).connects(2, 1).clientSends(2, 1, 1);
    expect(look(story)).toMatchObject({
      outcomes: ['fail'],
      expected: expect.stringContaining('message 0, the first not yet answered'),
    });
  });

  test('a message whose answer was a wrong one is sent again', () => {
    const story = history({ workload: 'reconnect' }).connects(1, 1).clientSends(1, 0, 1).serverReceives(1, 0, 1);
    story.client({ event: 'received', conn: 1, seq: 0, bytes: 1, sha256: 'f'.repeat(64) });
    story.fails('client', 'recv', 'mismatch', 1).connects(2, 1).clientSends(2, 0, 1);
    expect(look(story).outcomes).not.toContain('fail');
  });

  test('what only one side tells of is neither right nor wrong', () => {
    const unheard = look(history().connects().clientSends(1, 0));
    expect(unheard).toMatchObject({
      outcomes: ['not-checked'],
      actual: 'nobody tells of having received any of 1 message',
    });
    expect(look(history().connects().serverReceives(1, 0))).toMatchObject({
      outcomes: ['not-checked'],
      actual: 'nobody tells of having sent the 1 message received',
    });
  });

  test('where a scripted server tells nothing, what a client sends again is looked at all the same', () => {
    const script: PlannedFault = {
      id: 'f1',
      kind: 'script',
      role: 'server',
      steps: [],
      polite: true,
      when: { on: 'before-connect' },
    };
    const story = history({ workload: 'reconnect', faults: [script] })
      .connects(1, 1)
      .exchanges(1, 0, 1);
    story.fails('client', 'recv', 'reset', 1).connects(2, 1);
    expect(look(story.clientSends(2, 1, 1)).outcomes).toEqual(['not-checked', 'pass']);
  });

  test('a client that was killed may have sent once more than it told', () => {
    const kill: PlannedFault = { id: 'f1', kind: 'kill', role: 'client', when: { on: 'before-connect' } };
    const story = (faults: PlannedFault[]) => {
      const again = history({ workload: 'reconnect', faults }).connects(1, 1).clientSends(1, 0, 1);
      return again.serverReceives(1, 0, 1).fails('client', 'recv', 'reset', 1).connects(2, 1).serverReceives(2, 0, 1);
    };
    expect(look(story([])).outcomes).toEqual(['fail']);
    expect(look(story([kill]).delivers('f1'))).toMatchObject({
      outcomes: ['not-checked'],
      actual: expect.stringContaining('it may have sent it again and not told of it'),
    });
    expect(look(story([kill]).delivers('f1').connects(3, 1).serverReceives(3, 0, 1)).outcomes).toContain('fail');
    const doubled = history({ faults: [kill], params: { messages: 2 } })
      .connects()
      .clientSends(1, 0)
      .serverReceives(1, 0);
    expect(look(doubled.serverReceives(1, 0).delivers('f1')).outcomes, 'who never sends again').toEqual(['fail']);
  });

  test('without messages there is nothing to look at', () => {
    expect(look(history().connects()).outcomes).toEqual(['not-checked']);
  });
});
