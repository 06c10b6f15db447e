import { describe, expect, test } from 'vitest';

import type { PlannedFault } from '../scenario/fault.ts';
import { cleanExchange, found, history, outcome } from './history.ts';
import type { Setting } from './history-plan.ts';
import type { History } from './history.ts';
import { settled } from './settled.ts';

const look = (story: History) => outcome(found(settled, story.asItIs()));
const whole = (story: History) => outcome(found(settled, story.evidence()));

const swallow: PlannedFault = {
  id: 'f1',
  kind: 'swallow',
  direction: 'downstream',
  at: 0,
  when: { on: 'before-connect' },
};
const freezeServer: PlannedFault = { id: 'f1', kind: 'freeze', role: 'server', when: { on: 'before-connect' } };
const killServer: PlannedFault = { id: 'f1', kind: 'kill', role: 'server', when: { on: 'before-connect' } };

/** A client that has asked and waits for its echo. */
const waiting = (params = {}, faults: PlannedFault[] = [swallow]) =>
  history({ params: { ioTimeoutMs: 500, ...params }, faults })
    .connects()
    .clientSends(1, 0);

/** A server that has the first bytes of a message. */
const begun = () =>
  history({ params: { ioTimeoutMs: 300 } })
    .connects()
    .passes(1, 'upstream', 10);

/** A server that has been started, and nothing more. */
const started = () => {
  const story = history();
  story.records.splice(2);
  return story;
};

describe('a server says that it listens, or why it cannot', () => {
  test('one that ends without a word is caught', () => {
    expect(look(started().exits('server'))).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringMatching(/had said neither; it printed no event of the contract .*"halfopen check/),
    });
  });

  test('one that the harness ended is told to be ended by it, and one that was killed by another is not', () => {
    const kill = { kind: 'signalled', role: 'server', signal: 'SIGKILL' } as const;
    const byHarness = /^the harness ended it with SIGKILL at [\d.]+ ms, and it had said neither/;
    for (const why of ['overdue', 'flood', 'cleanup'] as const) {
      for (const [status, signal] of [[null, 'SIGKILL'] as const, [137, null] as const]) {
        const story = started()
          .record({ ...kill, why })
          .exits('server', status, signal);
        expect(look(story).actual).toMatch(byHarness);
      }
    }
    expect(look(started().exits('server', null, 'SIGKILL')).actual).toMatch(/was ended by SIGKILL at/);
    const gone = started()
      .record({ ...kill, why: 'overdue' })
      .exits('server', 1);
    expect(look(gone).actual).toMatch(/exited with status 1 at/);
  });

  test('one whose input ended while it was being killed is not excused by that', () => {
    const story = started()
      .record({ kind: 'signalled', role: 'server', signal: 'SIGKILL', why: 'overdue' })
      .inputEnds()
      .exits('server', null, 'SIGKILL');
    expect(look(story).actual).toMatch(/had said neither/);
  });

  test('one that says why, that was told to end or that is unsupported is not', () => {
    const failed = { event: 'failed', op: 'listen', code: 'other', message: '' } as const;
    for (const story of [
      started().server(failed).exits('server'),
      started().inputEnds().exits('server'),
      started().server({ event: 'unsupported' }).exits('server', 127),
    ]) {
      expect(look(story).outcomes).not.toContain('fail');
    }
  });
});

describe('every operation ends by its deadline', () => {
  test('a server that a script sends half a message runs a deadline of which the plan knows nothing', () => {
    const half: PlannedFault = {
      id: 'f1',
      kind: 'script',
      role: 'client',
      steps: [{ do: 'send', base64: 'R0U=', times: 1, tells: null }],
      polite: false,
      when: { on: 'before-connect' },
    };
    const story = history({ params: { ioTimeoutMs: 300, messageBytes: 20 }, faults: [half] })
      .connects()
      .passes(1, 'upstream', 40);
    expect(look(story.wait(300).fails('server', 'recv', 'timeout')).outcomes).not.toContain('fail');
  });

  test('a clean exchange keeps them all and tells which came nearest', () => {
    const { outcomes, actual } = whole(cleanExchange());
    expect(outcomes).toEqual(['pass']);
    expect(actual).toMatch(/nearest to its deadline was/);
  });

  test('a timeout on time is kept, a little late is tolerated', () => {
    expect(look(waiting().wait(499).fails('client', 'recv', 'timeout')).outcomes).toEqual(['pass']);
    expect(look(waiting().wait(515).fails('client', 'recv', 'timeout')).outcomes).toEqual(['pass']);
  });

  test('a timeout that comes late is caught', () => {
    const { outcomes, actual, expected } = look(waiting().wait(600).fails('client', 'recv', 'timeout'));
    expect(outcomes).toEqual(['fail']);
    expect(expected).toMatch(/waits at most 500 ms for the echo of message 0/);
    expect(actual).toMatch(/lasted 601 ms/);
  });

  test('an echo that is awaited past the deadline is caught although it came', () => {
    const story = waiting().wait(800).serverReceives(1, 0).serverEchoes(1, 0).clientReceives(1, 0);
    expect(look(story).outcomes).toContain('fail');
  });

  test('a wait that never ends is caught', () => {
    const story = waiting().wait(5000).client({ event: 'heard', conn: 1 });
    expect(look(story).actual).toMatch(/still waited/);
  });

  test('the deadline of an echo runs from the echo before it', () => {
    const story = history({ workload: 'pipeline', params: { ioTimeoutMs: 500 } })
      .connects()
      .clientSends(1, 0)
      .clientSends(1, 1);
    story.serverReceives(1, 0).serverReceives(1, 1).wait(450).serverEchoes(1, 0).clientReceives(1, 0);
    story.wait(450).serverEchoes(1, 1).clientReceives(1, 1);
    expect(look(story).outcomes).toEqual(['pass']);
  });

  test('connecting has its own deadline', () => {
    const story = history({ params: { connectTimeoutMs: 300 } }).client({ event: 'connecting', conn: 1, key: 1 });
    expect(look(story.wait(900).fails('client', 'connect', 'timeout'))).toMatchObject({
      outcomes: ['fail'],
      expected: expect.stringContaining('for the connection'),
    });
  });

  test('handing a message over has its deadline', () => {
    const story = history({ params: { ioTimeoutMs: 300 } }).connects();
    const { wire: _, ...message } = story.message(1, 0);
    story
      .client({ event: 'sending', conn: 1, ...message })
      .wait(900)
      .client({ event: 'sent', conn: 1, seq: 0 });
    expect(look(story).outcomes).toEqual(['fail']);
  });

  test("waiting for the peer's end has its deadline", () => {
    const story = history({ params: { ioTimeoutMs: 300 } })
      .connects()
      .clientShutsDown()
      .wait(900)
      .client({ event: 'eof', conn: 1 });
    expect(look(story)).toMatchObject({ outcomes: ['fail'], expected: expect.stringContaining("the peer's end") });
  });

  test('a server reads a message in time, from the first byte that reached it', () => {
    expect(look(begun().wait(300).fails('server', 'recv', 'timeout')).outcomes).toEqual(['pass']);
    expect(look(begun().wait(900).passes(1, 'upstream', 94).serverReceives(1, 0)).outcomes).toEqual(['fail']);
  });

  test('dribbling does not restart the deadline of a server', () => {
    const story = history({ params: { ioTimeoutMs: 300 } }).connects();
    for (let piece = 0; piece < 13; piece += 1) story.passes(1, 'upstream', 8).wait(100);
    expect(look(story.serverReceives(1, 0)).outcomes).toEqual(['fail']);
  });

  test('a server between messages waits for as long as it takes', () => {
    const story = history({ params: { ioTimeoutMs: 300 } })
      .connects()
      .exchanges(1, 0)
      .wait(5000)
      .clientSends(1, 1)
      .serverReceives(1, 1);
    expect(look(story).outcomes).toEqual(['pass']);
  });

  test('a slow reader may pause before it reads', () => {
    const story = history({ workload: 'slow-reader', params: { ioTimeoutMs: 300, readPauseMs: 1000 } }).connects();
    story.clientSends(1, 0).wait(1000).serverReceives(1, 0);
    expect(look(story).outcomes).toEqual(['pass']);
  });

  test('no deadline, no claim', () => {
    expect(look(waiting({ ioTimeoutMs: 0, connectTimeoutMs: 0 }).wait(60_000).clientReceives(1, 0)).outcomes).toEqual([
      'not-checked',
    ]);
  });

  test('a late end on a host that stalled proves nothing', () => {
    const story = waiting().wait(300).record({ kind: 'stalled', process: 'client', lateMs: 250 }).wait(400);
    expect(look(story.fails('client', 'recv', 'timeout')).outcomes).toEqual(['unknown']);
  });

  test('an end in time on a host that stalled is in time', () => {
    const story = waiting().wait(300).record({ kind: 'stalled', process: 'client', lateMs: 250 }).wait(198);
    expect(look(story.fails('client', 'recv', 'timeout')).outcomes).toEqual(['pass']);
  });
});

describe('no deadline fires before it is up', () => {
  test('a timeout that comes early is caught', () => {
    expect(look(waiting().wait(300).fails('client', 'recv', 'timeout'))).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringContaining('after 301 ms'),
    });
  });

  test('a timeout while nothing was awaited is caught', () => {
    const story = history().connects().wait(2000).fails('client', 'recv', 'timeout');
    expect(look(story)).toMatchObject({
      outcomes: ['fail'],
      expected: expect.stringContaining('no deadline of its own'),
    });
  });

  test('a server that gives up between messages is caught', () => {
    const story = history().connects().exchanges(1, 0).wait(2000).fails('server', 'recv', 'timeout');
    expect(look(story).outcomes).toEqual(['fail']);
  });

  test('a kernel that was asked to may give up as well', () => {
    const story = history({ params: { userTimeoutMs: 100 } })
      .connects()
      .wait(200)
      .fails('client', 'recv', 'timeout');
    expect(look(story).outcomes).toEqual(['pass']);
  });

  test('what the proxy does not tell cannot be held against a server', () => {
    const story = history({ proxy: 'toxiproxy' }).connects().wait(2000).fails('server', 'recv', 'timeout');
    expect(look(story).outcomes).toEqual(['pass']);
  });
});

describe('each process exits, and none crashes or hangs', () => {
  test.each([
    [1, null, /exited with status 1/],
    [127, null, /exited with status 127/],
    [null, 'SIGSEGV', /was ended by SIGSEGV/],
  ])('status %s, signal %s is a crash', (status, signal, words) => {
    const story = cleanExchange().exits('server', status, signal);
    expect(look(story)).toMatchObject({ outcomes: ['fail'], actual: expect.stringMatching(words) });
  });

  test("the harness's own SIGKILL excuses neither another signal nor an end before it", () => {
    const kill = { kind: 'signalled', role: 'server', signal: 'SIGKILL', why: 'cleanup' } as const;
    expect(look(cleanExchange().record(kill).exits('server', null, 'SIGSEGV')).actual).toMatch(/was ended by SIGSEGV/);
    expect(look(cleanExchange().exits('server', null, 'SIGKILL').record(kill)).actual).toMatch(/was ended by SIGKILL/);
  });

  test('a process that ran out of memory is told to have, also where the harness was about to end it', () => {
    const story = cleanExchange()
      .record({ kind: 'signalled', role: 'server', signal: 'SIGKILL', why: 'overdue' })
      .record({ kind: 'exited', role: 'server', status: null, signal: 'SIGKILL', outOfMemory: true });
    expect(look(story)).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringContaining('ran out of the memory that it may use'),
    });
  });

  test('a process that the harness ended for being overdue is told once', () => {
    const story = cleanExchange().record({ kind: 'overdue', role: 'client', limit: 'grace', limitMs: 3000 });
    story
      .record({ kind: 'signalled', role: 'client', signal: 'SIGKILL', why: 'overdue' })
      .exits('client', null, 'SIGKILL');
    expect(look(story)).toMatchObject({
      outcomes: ['fail'],
      expected: expect.stringContaining('exit after the end of its input'),
      actual: expect.stringMatching(/still at it at .*; the harness ended it with SIGKILL at [\d.]+ ms$/),
    });
  });

  describe('one that is overdue', () => {
    const overdue = { kind: 'overdue', role: 'client', limit: 'exchange', limitMs: 4000 } as const;
    /** A client that does nothing more, and waits for nothing. */
    const idle = () => history().connects();
    const stalled = (lateMs: number) => ({ kind: 'stalled', process: 'harness', lateMs }) as const;

    test('is told how to look at a program that prints no event at all, and one that does is not', () => {
      const silent = history();
      silent.records.splice(2);
      const start = { kind: 'overdue', role: 'server', limit: 'start', limitMs: 4000 } as const;
      const told = { actual: expect.stringContaining('"halfopen check --image NAME", shows which clauses it keeps') };
      expect(look(silent.wait(4000).record(start))).toMatchObject(told);
      expect(look(idle().wait(4000).record(overdue))).not.toMatchObject(told);
    });

    test('is at fault where the host was fit, and also where it stalled for less than the room it has', () => {
      expect(look(idle().wait(4000).record(overdue)).outcomes).toEqual(['fail']);
      const story = idle().wait(3900).record(stalled(3000)).record(overdue);
      expect(look(story)).toMatchObject({ outcomes: ['fail'], actual: expect.stringContaining('still at it') });
    });

    test('is not where stalls alone took all of that room: that proves nothing', () => {
      const one = idle().wait(4100).record(stalled(4050)).record(overdue);
      const several = idle().wait(1500).record(stalled(1400)).wait(2600).record(stalled(2600)).record(overdue);
      for (const story of [one, several]) expect(look(story).outcomes).toEqual(['unknown']);
    });

    test('to exit it waits for nobody, so that only its own stalls, or the harness’s, say nothing against it', () => {
      const grace = { kind: 'overdue', role: 'client', limit: 'grace', limitMs: 3000 } as const;
      const lost = (process: 'client' | 'server' | 'proxy') =>
        cleanExchange().wait(2000).record({ kind: 'stalled', process, lateMs: 1500 }).wait(1000).record(grace);
      expect(look(lost('client')).outcomes).toEqual(['unknown']);
      expect(look(lost('server')).outcomes).toEqual(['fail']);
      expect(look(lost('proxy')).outcomes).toEqual(['fail']);
    });

    test('to start it has lost enough with half of the limit, and to exit with all that is left of it', () => {
      const start = { kind: 'overdue', role: 'server', limit: 'start', limitMs: 5000 } as const;
      const starting = (lateMs: number) =>
        started().wait(4990).record({ kind: 'stalled', process: 'server', lateMs }).record(start);
      expect(look(starting(2400)).outcomes).toEqual(['fail']);
      expect(look(starting(2600)).outcomes).toEqual(['unknown']);
      const grace = { kind: 'overdue', role: 'client', limit: 'grace', limitMs: 3000 } as const;
      const leaving = (lateMs: number) =>
        cleanExchange().wait(2990).record({ kind: 'stalled', process: 'client', lateMs }).record(grace);
      expect(look(leaving(900)).outcomes).toEqual(['fail']);
      expect(look(leaving(1100)).outcomes).toEqual(['unknown']);
    });

    describe('without any deadline', () => {
      const params = { ioTimeoutMs: 0, connectTimeoutMs: 0 };
      const tried = (setting: Setting = {}) => cleanExchange({ params, ...setting });

      test('is at fault once it has closed all its connections and does not say that it is done', () => {
        expect(look(tried().wait(4000).record(overdue))).toMatchObject({
          outcomes: ['fail'],
          actual: expect.stringContaining('still at it'),
        });
      });

      test('is not while it may still wait, or has a connection left to make', () => {
        const open = history({ params }).connects().clientSends(1, 0).wait(4000).record(overdue);
        const oneLeft = tried({ params: { ...params, connections: 2 } })
          .wait(4000)
          .record(overdue);
        const mayRetry = history({ workload: 'reconnect', params: { ...params, retries: 9 } }).connects();
        mayRetry.fails('client', 'recv', 'reset').wait(4000).record(overdue);
        for (const story of [open, oneLeft, mayRetry]) expect(look(story).outcomes).not.toContain('fail');
      });

      test('nor where it has just closed the last, or the host kept it from saying so', () => {
        expect(look(tried().wait(900).record(overdue)).outcomes).not.toContain('fail');
        const kept = { kind: 'stalled', process: 'client', lateMs: 1900 } as const;
        expect(look(tried().wait(2000).record(kept).record(overdue)).outcomes).toEqual(['unknown']);
      });
    });

    test('nor where it was done in time, by its own stamp, and only the harness came too late', () => {
      const story = cleanExchange().client({ event: 'done' }).wait(4000).record(overdue);
      expect(look(story).outcomes).toEqual(['unknown']);
    });
  });

  test('a container tells of such an end by its status', () => {
    const killed = cleanExchange().record({ kind: 'signalled', role: 'client', signal: 'SIGKILL', why: 'fault' });
    expect(look(killed.exits('client', 137)).outcomes).toEqual(['pass']);
    expect(look(cleanExchange().exits('client', 137)).outcomes).toEqual(['fail']);
  });

  test('a server that never listens is a hang', () => {
    const story = history().record({ kind: 'overdue', role: 'server', limit: 'start', limitMs: 5000 });
    expect(look(story).outcomes).toEqual(['fail']);
  });

  test('a process that a fault killed is not judged for its end', () => {
    const story = history({ faults: [killServer] })
      .connects()
      .delivers('f1');
    story
      .record({ kind: 'signalled', role: 'server', signal: 'SIGKILL', why: 'fault' })
      .exits('server', null, 'SIGKILL');
    expect(look(story).outcomes).toEqual(['pass']);
  });

  test('a frozen process is not judged for what it could not do', () => {
    const story = waiting({}, [freezeServer]);
    story
      .delivers('f1', { asked: { atMs: story.nowMs, request: 'stop' } })
      .wait(2000)
      .serverReceives(1, 0);
    expect(look(story).actual).not.toMatch(/server/);
  });

  test('the peer of a frozen process is', () => {
    const story = waiting({}, [freezeServer]);
    story
      .delivers('f1', { asked: { atMs: story.nowMs, request: 'stop' } })
      .wait(2000)
      .fails('client', 'recv', 'timeout');
    expect(look(story).outcomes).toEqual(['fail']);
  });

  test('a connection that is never closed is caught when its process goes', () => {
    expect(look(history().connects().inputEnds().exits('server'))).toMatchObject({
      outcomes: ['fail'],
      actual: expect.stringContaining('with 1 connection open'),
    });
  });

  test('a process that goes before its input has ended is caught; one that could not listen may go', () => {
    const early = history().connects().endsInOrder().exits('client');
    expect(look(early).actual).toMatch(/^it exited with status 0 at/);
    const refused = history();
    const records = refused.records.filter((record) => record.kind !== 'event');
    refused.records.splice(0, refused.records.length, ...records);
    refused.server({ event: 'failed', op: 'listen', code: 'address-in-use', message: '' }).exits('server');
    expect(look(refused).outcomes).not.toContain('fail');
  });

  test('a server that was told of the end and stays is a hang; one that was not told waits rightly', () => {
    const overdue = { kind: 'overdue', role: 'server', limit: 'exchange', limitMs: 10_000 } as const;
    expect(look(history().connects().clientShutsDown().record(overdue)).outcomes).toContain('fail');
    expect(look(history().connects().client({ event: 'closed', conn: 1 }).record(overdue)).outcomes).toEqual(['pass']);
  });
});
