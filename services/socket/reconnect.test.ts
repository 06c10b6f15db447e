import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Backoff, seededRandom } from './backoff.ts';
import { connect } from './connect.ts';
import { Deadline } from './deadline.ts';
import { listen } from './listen.ts';
import { reconnecting } from './reconnect.ts';
import { SocketError } from './socket-error.ts';

describe('Backoff', () => {
  test('waits below a bound that doubles up to the cap', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 5000 }),
        (seed, baseMs, capMs) => {
          const backoff = new Backoff({ baseMs, capMs, random: seededRandom(seed) });
          for (let nth = 0; nth < 12; nth += 1) {
            const wait = backoff.nextMs();
            expect(wait).toBeGreaterThanOrEqual(0);
            expect(wait).toBeLessThan(Math.min(capMs, baseMs * 2 ** nth));
          }
        },
      ),
    );
  });

  test('uses the whole range below the bound', () => {
    const backoff = new Backoff({ baseMs: 1000, capMs: 1000, random: seededRandom(7) });
    const waits = Array.from({ length: 400 }, () => backoff.nextMs());
    expect(waits.filter((wait) => wait < 250).length).toBeGreaterThan(60);
    expect(waits.filter((wait) => wait > 750).length).toBeGreaterThan(60);
  });

  test('begins anew after a reset, and repeats itself for a seed', () => {
    const draw = (): number[] => {
      const backoff = new Backoff({ baseMs: 10, capMs: 10_000, random: seededRandom(3) });
      const waits = [backoff.nextMs(), backoff.nextMs(), backoff.nextMs()];
      backoff.reset();
      return [...waits, backoff.nextMs()];
    };
    expect(draw()).toEqual(draw());
    expect(draw()[3]).toBeLessThan(10);
  });
});

describe('reconnecting()', () => {
  const backoffOf = (drawn: number[]): Backoff => {
    const random = seededRandom(1);
    return new Backoff({
      baseMs: 4,
      capMs: 1000,
      random: () => {
        drawn.push(1);
        return random() / 100;
      },
    });
  };

  test('one failure is one wait and one attempt', async () => {
    const drawn: number[] = [];
    let attempts = 0;
    const open = async (): Promise<never> => {
      attempts += 1;
      await Promise.resolve();
      throw new SocketError('connect', 'refused', 'nobody is there');
    };
    const failed = reconnecting(open, async () => await Promise.resolve(), { backoff: backoffOf(drawn), retries: 5 });
    await expect(failed).rejects.toMatchObject({ code: 'refused' });
    expect([attempts, drawn.length]).toEqual([6, 5]);
  });

  test('a connection that was accepted and dropped counts as a failure, one that was of use does not', async () => {
    await using listener = await listen({ host: '127.0.0.1', port: 0 });
    let connections = 0;
    const serving = (async () => {
      for (let nth = 0; nth < 7; nth += 1) {
        const socket = await listener.accept();
        connections += 1;
        if (connections === 3) {
          await socket.sendAll(Uint8Array.of(1));
          // A reset that came at once could be told to the connect.
          await socket.recv(1);
        }
        await socket.reset();
      }
    })();
    const use = async (socket: Awaited<ReturnType<typeof connect>>, worked: () => void): Promise<void> => {
      for (;;) {
        await socket.recvExactly(1);
        worked();
        await socket.sendAll(Uint8Array.of(1));
      }
    };
    const open = async () => await connect({ host: '127.0.0.1', port: listener.port });
    const failed = reconnecting(open, use, { backoff: backoffOf([]), retries: 4 });
    await expect(failed).rejects.toMatchObject({ code: expect.stringMatching(/reset|closed|broken-pipe/) });
    await serving;
    // Two of no use, one of use, and four retries after it.
    expect(connections).toBe(7);
  });

  test('one time limit holds over connecting, talking, waiting and trying again, all together', async () => {
    await using listener = await listen({ host: '127.0.0.1', port: 0 });
    const limitMs = 400;
    const fromMs = performance.now();
    const signal = AbortSignal.timeout(limitMs);
    let attempts = 0;
    // Every other connection is dropped at once, the others say nothing.
    const serving = (async () => {
      for (;;) {
        const socket = await listener.accept({ signal });
        attempts += 1;
        if (attempts % 2 === 1) await socket.reset();
      }
    })().catch(() => {});
    const open = async () => await connect({ host: '127.0.0.1', port: listener.port }, { signal });
    const use = async (socket: Awaited<ReturnType<typeof connect>>): Promise<void> => {
      await socket.recvExactly(1, { deadline: Deadline.after(10), signal });
    };
    const backoff = new Backoff({ baseMs: 5, capMs: 20, random: () => 0.9 });
    const failed = reconnecting(open, use, { backoff, retries: 1_000, signal });
    await expect(failed).rejects.toMatchObject({ code: 'aborted' });
    expect(performance.now() - fromMs).toBeGreaterThanOrEqual(limitMs - 5);
    expect(performance.now() - fromMs).toBeLessThan(limitMs + 2000);
    expect(attempts).toBeGreaterThan(2);
    await serving;
  });

  test('does nothing again that is done, though its connection cannot be closed in order', async () => {
    await using listener = await listen({ host: '127.0.0.1', port: 0 });
    let used = 0;
    const open = async () => await connect({ host: '127.0.0.1', port: listener.port });
    const use = async (socket: Awaited<ReturnType<typeof connect>>): Promise<void> => {
      used += 1;
      const peer = await listener.accept();
      await socket.send(Uint8Array.of(1));
      await peer.reset();
    };
    const made = reconnecting(open, use, { backoff: backoffOf([]), retries: 3 });
    await expect(made).rejects.toMatchObject({ op: 'close', code: 'reset' });
    expect(used).toBe(1);
  });

  test.each([60_000, 2 ** 33])('stops in the middle of a wait of up to %d ms when it is told to', async (capMs) => {
    const stop = new AbortController();
    let attempts = 0;
    const open = async (): Promise<never> => {
      attempts += 1;
      await Promise.resolve();
      setTimeout(() => stop.abort(), 50);
      throw new SocketError('connect', 'refused', 'nobody is there');
    };
    const backoff = new Backoff({ baseMs: capMs, capMs, random: () => 0.9 });
    const failed = reconnecting(open, async () => await Promise.resolve(), {
      backoff,
      retries: 5,
      signal: stop.signal,
    });
    await expect(failed).rejects.toMatchObject({ code: 'aborted' });
    expect(attempts).toBe(1);
  });
});
