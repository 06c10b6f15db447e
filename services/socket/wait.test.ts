import { describe, expect, test } from 'vitest';
import { Deadline } from './deadline.ts';
import { expectEndsAfter } from './in-time.ts';
import { SocketError } from './socket-error.ts';
import { Wait } from './wait.ts';

const failed = async (wait: Wait<number>): Promise<unknown> => await wait.promise.catch((error: unknown) => error);

describe('Wait', () => {
  test('the first reason wins', async () => {
    const stop = new AbortController();
    const wait = new Wait<number>('recv', { deadline: Deadline.after(30), signal: stop.signal });
    stop.abort();
    wait.resolve(1);
    expect(await failed(wait)).toMatchObject({ code: 'aborted' });
  });

  test('a signal that had fired before ends it, and what it held is released', async () => {
    const wait = new Wait<number>('recv', { signal: AbortSignal.abort() });
    let released = 0;
    wait.finally(() => (released += 1));
    expect(await failed(wait)).toMatchObject({ op: 'recv', code: 'aborted' });
    expect(released).toBe(1);
  });

  test('a reason that is an error of ours keeps its code', async () => {
    const stop = new AbortController();
    const wait = new Wait<number>('recv', { signal: stop.signal });
    stop.abort(new SocketError('recv', 'dead-peer', 'nothing was received'));
    expect(await failed(wait)).toMatchObject({ code: 'dead-peer' });
  });

  test('of several deadlines the earliest counts, with its own code', async () => {
    await expectEndsAfter(20, async () => {
      const deadline = [Deadline.after(10_000), Deadline.after(20, 'dead-peer')];
      expect(await failed(new Wait<number>('recv', { deadline }))).toMatchObject({ code: 'dead-peer' });
    });
  });
});

describe('Deadline', () => {
  test('does not pass before its time, also for parts of a millisecond', async () => {
    for (let ms = 1; ms < 20; ms += 0.7) {
      await expectEndsAfter(ms, async () => await failed(new Wait<number>('recv', { deadline: Deadline.after(ms) })));
    }
  });

  test('may be started while it is waited on, moved, and cleared', async () => {
    const deadline = new Deadline();
    const wait = new Wait<number>('recv', { deadline });
    deadline.start(10);
    deadline.clear();
    await expectEndsAfter(80, async () => {
      deadline.start(20);
      deadline.start(80);
      expect(await failed(wait)).toMatchObject({ code: 'timeout' });
    });
  });

  test('0 means never', () => {
    const deadline = Deadline.after(0);
    expect([deadline.running, deadline.passed, deadline.remainingMs]).toEqual([false, false, Number.POSITIVE_INFINITY]);
  });

  test('keeps no process alive that nobody waits in', () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    Deadline.after(60_000);
    expect(timers()).toBe(before);
  });
});
