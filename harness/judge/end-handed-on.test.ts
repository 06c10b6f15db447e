import { describe, expect, test } from 'vitest';

import type { FailureCode } from '../contract/words.ts';
import type { PlannedFault } from '../scenario/fault.ts';
import { classified } from './classified.ts';
import { cleanExchange, found, history, outcome } from './history.ts';
import type { Setting } from './history-plan.ts';
import type { History } from './history.ts';

const look = (story: History) => outcome(found(classified, story.asItIs())).outcomes;

/** All messages and the client's FIN; the server has yet to say how it took that. */
function ended(setting: Setting = {}): History {
  const story = history({ params: { messages: 1 }, ...setting }).connects();
  return story.exchanges(1, 0).clientShutsDown();
}

/** The server fails with `code` of that FIN, and closes. */
function serverTakesFor(code: FailureCode, story = ended()): History {
  return story.fails('server', 'recv', code).ends(1, 'downstream').client({ event: 'eof', conn: 1 });
}

describe('an end that was handed on as a FIN', () => {
  test.each(['reset', 'mismatch', 'closed'] as const)('is no %s where all was said', (code) => {
    expect(look(serverTakesFor(code))).toEqual(['fail']);
  });

  test('may be the end of a message that was due', () => {
    const early = history({ params: { messages: 2 } })
      .connects()
      .exchanges(1, 0)
      .clientShutsDown();
    expect(look(serverTakesFor('closed', early))).toEqual(['pass']);
  });

  test('is no reason to say closed for a client that has every echo', () => {
    const story = ended().server({ event: 'eof', conn: 1 }).server({ event: 'closed', conn: 1 }).ends(1, 'downstream');
    expect(look(story.fails('client', 'recv', 'closed'))).toEqual(['fail']);
  });

  test('may be told as a reset by a side that was reset after it', () => {
    const story = ended().proxy({ kind: 'rst-wrote', conn: 1, direction: 'upstream', offset: 104 });
    expect(look(serverTakesFor('reset', story))).toEqual(['pass']);
  });

  test('may be told as a reset where the proxy closed before the other direction ended', () => {
    const story = ended().fails('server', 'recv', 'reset').proxy({ kind: 'closed', conn: 1 });
    expect(look(story)).toEqual(['pass']);
  });

  test('may be told as a reset where packets are lost behind the proxy, or it tells nothing', () => {
    const cut: PlannedFault = { id: 'f1', kind: 'cut', role: 'server', when: { on: 'before-connect' } };
    expect(look(serverTakesFor('reset', ended({ faults: [cut] })))).toEqual(['pass']);
    const silent = ended({ proxy: 'toxiproxy' }).client({ event: 'closed', conn: 1 });
    expect(look(silent.fails('server', 'recv', 'reset'))).toEqual(['pass']);
  });

  test('lets who knows of it refuse to write', () => {
    const story = history().connects().clientSends(1, 0).serverReceives(1, 0).clientShutsDown();
    expect(look(story.fails('server', 'send', 'broken-pipe').ends(1, 'downstream'))).toEqual(['pass']);
  });

  test('is a wrong message where that was received right before', () => {
    const story = history().connects().clientSends(1, 0).serverReceives(1, 0).serverEchoes(1, 0);
    story.client({ event: 'received', conn: 1, seq: 0, bytes: 1, sha256: 'f'.repeat(64) }).ends(1, 'downstream');
    expect(look(story.fails('client', 'recv', 'mismatch').ends(1, 'upstream'))).toEqual(['pass']);
  });

  test('is told by eof in order', () => {
    expect(look(cleanExchange())).toEqual(['not-checked']);
  });
});

describe('an end that was handed on as a reset', () => {
  const reset = () => history().connects().clientSends(1, 0).serverReceives(1, 0).cuts(1, 'downstream', 'rst', 'x');

  test.each(['truncated', 'closed', 'mismatch'] as const)('is not %s', (code) => {
    expect(look(reset().fails('client', 'recv', code))).toEqual(['fail']);
  });

  test('is a reset', () => {
    expect(look(reset().fails('client', 'recv', 'reset'))).toEqual(['pass']);
  });

  test('may be an end for a side that read one before it', () => {
    const story = history().connects().clientSends(1, 0).ends(1, 'downstream').cuts(1, 'downstream', 'rst', 'x');
    expect(look(story.fails('client', 'recv', 'closed'))).toEqual(['pass']);
  });
});
