import { describe, expect, test } from 'vitest';

import type { PlannedFault } from '../scenario/fault.ts';
import { cleanExchange, found, history, outcome } from './history.ts';
import type { Setting } from './history-plan.ts';
import type { History } from './history.ts';
import { truncation } from './truncation.ts';

const fin = (at: number, direction: 'upstream' | 'downstream' = 'downstream'): PlannedFault => ({
  id: 'f1',
  kind: 'fin',
  direction,
  at,
  when: { on: 'before-connect' },
});

const look = (story: History) => outcome(found(truncation, story.asItIs()));

/** The first echo is cut after `bytes` of its 104. */
function cutEcho(bytes: number, by: 'fin' | 'rst' = 'fin', setting: Setting = {}): History {
  const story = history({ faults: [fin(bytes)], ...setting })
    .connects()
    .clientSends(1, 0)
    .serverReceives(1, 0);
  const { wire: _, ...echo } = story.message(1, 0, 'echo');
  story.server({ event: 'sending', conn: 1, ...echo });
  if (bytes > 0) story.passes(1, 'downstream', bytes);
  return story.cuts(1, 'downstream', by);
}

describe('no silent truncation', () => {
  test('a stream that nobody cut has nothing to look at', () => {
    expect(look(cleanExchange()).outcomes).toEqual(['not-checked']);
  });

  test.each([1, 3, 4, 5, 103])('truncated after a cut at byte %i of a message is right', (bytes) => {
    expect(look(cutEcho(bytes).fails('client', 'recv', 'truncated')).outcomes).toEqual(['pass']);
  });

  test('a cut message that is delivered is caught, with the bytes that were missing', () => {
    const { outcomes, actual, expected } = look(cutEcho(33).clientReceives(1, 0));
    expect(outcomes).toEqual(['fail']);
    expect(actual).toMatch(/client connection 1 received message 0 of 100 bytes at .* ms, 71 bytes were cut/);
    expect(expected).toMatch(/FIN at byte 33, 71 bytes before the end of message 0/);
  });

  test('a clean end inside a message is caught', () => {
    expect(look(cutEcho(2).client({ event: 'eof', conn: 1 }))).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringContaining('clean end'),
    });
  });

  test('an end inside a message is not one between messages', () => {
    expect(look(cutEcho(2).fails('client', 'recv', 'closed'))).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringContaining('an end between messages'),
    });
  });

  test('a side that closes without a word hides the cut', () => {
    expect(look(cutEcho(2).client({ event: 'closed', conn: 1 })).outcomes).toEqual(['fail']);
  });

  test('a reset inside a message is no clean end either', () => {
    expect(look(cutEcho(50, 'rst').client({ event: 'eof', conn: 1 })).outcomes).toEqual(['fail']);
    expect(look(cutEcho(50, 'rst').fails('client', 'recv', 'reset')).outcomes).toEqual(['pass']);
  });

  test.each([0, 104])('an end at byte %i lies between messages and is none of this', (bytes) => {
    expect(look(cutEcho(bytes).fails('client', 'recv', 'closed')).outcomes).toEqual(['not-checked']);
  });

  test('the server is held to the same', () => {
    const story = history({ faults: [fin(30, 'upstream')] })
      .connects()
      .passes(1, 'upstream', 30)
      .cuts(1, 'upstream', 'fin');
    expect(look(story.server({ event: 'eof', conn: 1 })).outcomes).toEqual(['fail']);
  });

  test('where a corrupted header moved the ends of messages, none of them is known', () => {
    const corrupt = (at: number): PlannedFault => ({
      id: 'f2',
      kind: 'corrupt',
      direction: 'downstream',
      at,
      xor: 1,
      when: { on: 'before-connect' },
    });
    const story = (at: number) =>
      cutEcho(33, 'fin', { faults: [fin(33), corrupt(at)] })
        .bites(1, 'f2')
        .client({ event: 'eof', conn: 1 });
    expect(look(story(3)).outcomes).toEqual(['not-checked']);
    expect(look(story(4)).outcomes).toEqual(['fail']);
  });

  test('a heartbeat may not be cut unseen', () => {
    const story = history({ workload: 'idle', faults: [fin(6)] })
      .connects()
      .passes(1, 'downstream', 6);
    story.cuts(1, 'downstream', 'fin').client({ event: 'eof', conn: 1 });
    expect(look(story).outcomes).toEqual(['fail']);
  });

  test('where the proxy tells nothing the plan says where the cut was, as far as it was delivered', () => {
    const story = cutEcho(33, 'fin', { proxy: 'toxiproxy' }).client({ event: 'eof', conn: 1 });
    expect(found(truncation, story.asItIs())).toMatchObject([{ outcome: 'fail', dependsOnFault: true }]);
  });

  test('where neither the proxy nor a fault that is proved says where the stream ended, nothing is held against anybody', () => {
    const story = history({ proxy: 'toxiproxy', faults: [fin(33)] })
      .connects()
      .clientSends(1, 0);
    expect(look(story.client({ event: 'eof', conn: 1 }))).toMatchObject({
      outcomes: ['not-checked'],
      actual: 'of 2 streams nothing proves where it ended, or where its messages did',
    });
  });

  describe('in a stream that only its end delimits', () => {
    const upload = { workload: 'upload', params: { messages: 1, messageBytes: 50 } } as const;

    /** An upload's reply is cut after so many of its bytes. */
    function cutReply(bytes: number): History {
      const story = history({ ...upload, faults: [fin(bytes)] }).connects();
      return story.passes(1, 'downstream', bytes).cuts(1, 'downstream', 'fin');
    }

    test('the server cannot know', () => {
      const story = history({ ...upload, faults: [fin(20, 'upstream')] })
        .connects()
        .passes(1, 'upstream', 20);
      story
        .cuts(1, 'upstream', 'fin')
        .server({ event: 'received', conn: 1, seq: 0, bytes: 20, sha256: 'a'.repeat(64) });
      expect(look(story).outcomes).toEqual(['pass']);
    });

    test('the client reports a mismatch, or is caught', () => {
      expect(look(cutReply(20).fails('client', 'recv', 'mismatch')).outcomes).toEqual(['pass']);
      expect(look(cutReply(20).client({ event: 'closed', conn: 1 })).outcomes).toEqual(['fail']);
    });

    test('a reset is never the end of a message', () => {
      const story = history({ ...upload, faults: [fin(20, 'upstream')] })
        .connects()
        .passes(1, 'upstream', 20);
      story
        .cuts(1, 'upstream', 'rst')
        .server({ event: 'received', conn: 1, seq: 0, bytes: 20, sha256: 'a'.repeat(64) });
      expect(look(story).outcomes).toEqual(['fail']);
    });
  });
});
