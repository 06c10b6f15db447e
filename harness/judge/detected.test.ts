import { describe, expect, test } from 'vitest';

import type { PlannedFault } from '../scenario/fault.ts';
import { detected } from './detected.ts';
import { found, history, outcome } from './history.ts';
import type { Setting } from './history-plan.ts';
import type { History } from './history.ts';

const swallow: PlannedFault = {
  id: 'f1',
  kind: 'swallow',
  direction: 'downstream',
  at: 4,
  when: { on: 'before-connect' },
};
const freezeServer: PlannedFault = { id: 'f1', kind: 'freeze', role: 'server', when: { on: 'before-connect' } };

const look = (story: History) => outcome(found(detected, story.asItIs()));

const idle = (setting: Setting = {}) =>
  history({
    workload: 'idle',
    faults: [swallow],
    ...setting,
    params: { heartbeatMs: 100, deadPeerMs: 400, ...setting.params },
  }).connects();

/** One heartbeat reaches the client. */
const beats = (story: History) => story.passes(1, 'downstream', 4).client({ event: 'heard', conn: 1 });
/** And one the server: so that only the client can be silent. */
const answers = (story: History) => story.passes(1, 'upstream', 4).server({ event: 'heard', conn: 1 });

describe('a dead peer is reported within the budget', () => {
  test('on time is right, and is told with its time', () => {
    const story = beats(idle()).wait(400).fails('client', 'recv', 'dead-peer');
    story.server({ event: 'closed', conn: 1 });
    const { outcomes, actual } = look(story);
    expect(outcomes).toEqual(['pass']);
    expect(actual).toMatch(/client connection 1 did, 402 ms after the last byte/);
  });

  test('late is caught', () => {
    const story = beats(idle()).wait(600).fails('client', 'recv', 'dead-peer');
    expect(look(story)).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringContaining('602 ms after the last byte'),
    });
  });

  test('the budget is told apart from the tolerance, right and late alike', () => {
    for (const ms of [400, 600]) {
      const story = beats(idle()).wait(ms).fails('client', 'recv', 'dead-peer');
      const [finding] = found(detected, story.asItIs());
      expect(finding?.measured).toMatchObject({ atLeastMs: 400, atMostMs: 400 });
    }
    const late = beats(idle()).wait(600).fails('client', 'recv', 'dead-peer');
    expect(found(detected, late.asItIs())[0]?.expected).toMatch(/ 400 ms \+ 20 ms tolerance after the last byte at /);
  });

  test('never is caught', () => {
    const story = beats(idle());
    for (let beat = 0; beat < 20; beat += 1) answers(story.wait(100));
    expect(look(story.client({ event: 'closed', conn: 1 }))).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringContaining('it had reported nothing'),
    });
  });

  test('a peer that speaks again after the budget does not undo the silence', () => {
    const story = beats(beats(idle()).wait(700));
    expect(look(story).outcomes).toContain('fail');
  });

  test('a peer that keeps speaking is not dead', () => {
    const story = idle();
    for (let beat = 0; beat < 20; beat += 1) answers(beats(story.wait(100)));
    expect(look(story.client({ event: 'closed', conn: 1 }).server({ event: 'closed', conn: 1 })).outcomes).toEqual([
      'pass',
    ]);
  });

  test('before the budget is spent is a false report', () => {
    const story = beats(idle()).wait(200).fails('client', 'recv', 'dead-peer');
    expect(look(story)).toMatchObject({ outcomes: ['fail'], actual: expect.stringContaining('after the last byte') });
  });

  test('a silence from the very beginning counts from there', () => {
    const story = idle().wait(402).fails('client', 'recv', 'dead-peer').server({ event: 'closed', conn: 1 });
    expect(look(story).outcomes).toEqual(['pass']);
  });

  test('after the peer ended there is no budget to keep', () => {
    const story = beats(idle()).client({ event: 'eof', conn: 1 }).server({ event: 'closed', conn: 1 }).wait(3000);
    expect(look(story.client({ event: 'closed', conn: 1 })).outcomes).toEqual(['pass']);
  });

  test('half a heartbeat is a byte received', () => {
    const story = beats(idle()).wait(300).passes(1, 'downstream', 1).wait(200).fails('client', 'recv', 'dead-peer');
    expect(look(story).outcomes).toContain('fail');
  });

  test('a byte that came once the budget was spent does not make the report false', () => {
    const story = beats(idle()).wait(400).passes(1, 'downstream', 4).wait(20).fails('client', 'recv', 'dead-peer');
    expect(look(story).outcomes).toEqual(['pass']);
  });

  test('one that the side told of does', () => {
    const story = beats(beats(idle()).wait(405)).wait(20).fails('client', 'recv', 'dead-peer');
    expect(look(story).outcomes).toEqual(['fail']);
  });

  test('a report too early on a host that stalled proves nothing', () => {
    const story = beats(idle()).wait(200).record({ kind: 'stalled', process: 'client', lateMs: 150 });
    expect(look(story.fails('client', 'recv', 'dead-peer')).outcomes).toEqual(['unknown']);
  });

  test('the server has the same budget', () => {
    const late = answers(idle())
      .wait(50)
      .fails('client', 'recv', 'reset')
      .wait(900)
      .fails('server', 'recv', 'dead-peer');
    expect(look(late).outcomes).toContain('fail');
  });

  test('a late report on a host that stalled proves nothing', () => {
    const story = beats(idle()).wait(300).record({ kind: 'stalled', process: 'client', lateMs: 200 }).wait(300);
    story.fails('client', 'recv', 'dead-peer');
    expect(look(story).outcomes).toEqual(['unknown']);
  });

  test('a frozen process is not judged for what reached it while it stood', () => {
    const story = answers(beats(idle({ faults: [freezeServer] })));
    const askedMs = story.nowMs;
    for (let beat = 0; beat < 5; beat += 1) story.wait(100).passes(1, 'upstream', 4);
    const lifted = { askedAtMs: story.nowMs, acknowledgedAtMs: story.nowMs + 1 };
    story
      .delivers('f1', { asked: { atMs: askedMs, request: 'stop' }, lifted })
      .wait(3)
      .fails('server', 'recv', 'dead-peer');
    story.client({ event: 'closed', conn: 1 });
    expect(look(story).actual).not.toMatch(/server/);
  });

  test('without a budget there is nothing to check', () => {
    expect(look(history({ workload: 'idle' }).connects()).outcomes).toEqual(['not-checked']);
  });

  test('and a report of a dead peer is false, however long nothing came', () => {
    const silent = (code: 'dead-peer' | 'timeout') =>
      idle({ params: { deadPeerMs: 0 } })
        .wait(60_000)
        .fails('client', 'recv', code);
    expect(look(silent('dead-peer'))).toMatchObject({
      outcomes: ['fail'],
      expected: expect.stringContaining('never reports dead-peer'),
      actual: expect.stringContaining('failed with dead-peer'),
    });
    expect(look(silent('timeout')).outcomes).toEqual(['not-checked']);
  });

  test("where the proxy tells nothing, a side's own word counts as far as the fault was delivered", () => {
    const story = idle({ proxy: 'toxiproxy' })
      .client({ event: 'heard', conn: 1 })
      .wait(900)
      .client({ event: 'closed', conn: 1 });
    expect(found(detected, story.asItIs())[0]).toMatchObject({ outcome: 'fail', dependsOnFault: true });
  });
});

const echo = () => history({ params: { deadPeerMs: 400 } }).connects();

describe('outside idle the budget runs only while something is due', () => {
  test('a client that pauses between messages waits for nothing', () => {
    const story = echo().exchanges(1, 0).wait(300).exchanges(1, 1).wait(300).exchanges(1, 2).endsInOrder();
    expect(look(story).outcomes).toEqual(['pass']);
  });

  test('a client that waits for an echo is held to it', () => {
    const story = echo().clientSends(1, 0).serverReceives(1, 0).wait(900).fails('client', 'recv', 'dead-peer');
    expect(look(story).outcomes).toEqual(['fail']);
  });

  test('a client that reports a dead peer while nothing was due is caught', () => {
    const story = echo()
      .exchanges(1, 0)
      .wait(390)
      .fails('client', 'recv', 'dead-peer')
      .server({ event: 'closed', conn: 1 });
    expect(look(story)).toMatchObject({ outcomes: ['fail'], actual: expect.stringContaining('waited for nothing') });
  });

  test('a server that is answering is not waiting', () => {
    const story = echo().clientSends(1, 0).serverReceives(1, 0).wait(350).serverEchoes(1, 0).clientReceives(1, 0);
    story.wait(350).endsInOrder();
    expect(look(story).outcomes).toEqual(['pass']);
  });
});
