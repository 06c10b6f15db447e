import { once } from 'node:events';
import { expect, test } from 'vitest';
import { Deadline } from './deadline.ts';
import { Heartbeat } from './heartbeat.ts';
import { expectEndsAfter } from './in-time.ts';
import { pair } from './pair.ts';
import { nextTurn } from './turns.ts';

const BEAT = Uint8Array.of(0);

test('a silent peer is declared dead after the limit, not before, and at most one heartbeat later', async () => {
  const { socket, peer } = await pair('connected');
  peer.resume();
  await expectEndsAfter(300, async () => {
    using heartbeat = new Heartbeat({ send: async () => await socket.sendAll(BEAT), intervalMs: 50, deadPeerMs: 300 });
    await expect(socket.recv(1, { signal: heartbeat.signal })).rejects.toMatchObject({ code: 'dead-peer' });
  });
});

test('a peer that is slow but alive is not', async () => {
  const { socket, peer } = await pair('connected');
  const beats = setInterval(() => peer.write(BEAT), 40);
  using heartbeat = new Heartbeat({ send: async () => await socket.sendAll(BEAT), intervalMs: 50, deadPeerMs: 1000 });
  const until = Deadline.after(1500);
  while (!until.passed) {
    expect(await socket.recv(10, { signal: heartbeat.signal })).not.toHaveLength(0);
    heartbeat.heard();
  }
  clearInterval(beats);
  expect(heartbeat.signal.aborted).toBe(false);
});

test('a heartbeat that is stuck in a full connection does not stop the watch', async () => {
  const { socket, peer } = await pair('connected');
  peer.pause();
  const stuck = socket.sendAll(new Uint8Array(64 * 2 ** 20)).catch(() => {});
  let sends = 0;
  const send = async (): Promise<void> => {
    sends += 1;
    await stuck;
  };
  await expectEndsAfter(500, async () => {
    using heartbeat = new Heartbeat({ send, intervalMs: 20, deadPeerMs: 500 });
    await once(heartbeat.signal, 'abort');
  });
  expect(sends).toBe(1);
  await socket.reset();
  await stuck;
});

test('a heartbeat that finds this side sending something large is left out, and the connection lives', async () => {
  const { socket, peer } = await pair('connected');
  peer.pause();
  const alive = setInterval(() => peer.write(BEAT), 20);
  let refused = 0;
  const send = async (): Promise<void> => {
    try {
      await socket.sendAll(BEAT);
    } catch (error) {
      refused += 1;
      throw error;
    }
  };
  using heartbeat = new Heartbeat({ send, intervalMs: 20, deadPeerMs: 10_000 });
  const { signal } = heartbeat;
  const large = socket.sendAll(new Uint8Array(16 * 2 ** 20), { signal });
  for (;;) {
    if (refused >= 3) break;
    await socket.recv(100, { signal });
    heartbeat.heard();
  }
  peer.resume();
  await large;
  clearInterval(alive);
  expect(signal.aborted).toBe(false);
});

test('a call that a dead peer ends says which call it was, to whom, and how far it came', async () => {
  const { socket, peer } = await pair('connected');
  peer.pause();
  using heartbeat = new Heartbeat({ send: async () => await Promise.resolve(), intervalMs: 50, deadPeerMs: 150 });
  const failure: unknown = await socket
    .sendAll(new Uint8Array(64 * 2 ** 20), { signal: heartbeat.signal })
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ op: 'send', code: 'dead-peer', peer: `127.0.0.1:${socket.remoteAddress?.port}` });
  expect(failure).toHaveProperty('bytesTaken', expect.any(Number));
});

test.each([2 ** 31, 3e9, Number.POSITIVE_INFINITY])(
  'an interval of %d ms is as long as it says',
  async (intervalMs) => {
    let sent = 0;
    const send = async (): Promise<void> => {
      sent += 1;
      await Promise.resolve();
    };
    using heartbeat = new Heartbeat({ send, intervalMs, deadPeerMs: 50 });
    await once(heartbeat.signal, 'abort');
    expect(sent).toBe(0);
  },
);

test('what this side sends is no sign of life of the peer', async () => {
  const { socket, peer } = await pair('accepted');
  peer.resume();
  let sent = 0;
  const send = async (): Promise<void> => {
    await socket.sendAll(BEAT);
    sent += 1;
  };
  using heartbeat = new Heartbeat({ send, intervalMs: 20, deadPeerMs: 250 });
  await once(heartbeat.signal, 'abort');
  expect(sent).toBeGreaterThan(1);
  expect(heartbeat.signal.reason).toMatchObject({ code: 'dead-peer' });
});

test('a heartbeat that fails after the watch was disposed of fires no signal', async () => {
  const { socket, peer } = await pair('connected');
  peer.pause();
  const begun = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<void>();
  const send = async (): Promise<void> => {
    begun.resolve();
    await socket.sendAll(new Uint8Array(64 * 2 ** 20)).finally(() => failed.resolve());
  };
  const heartbeat = new Heartbeat({ send, intervalMs: 5, deadPeerMs: 60_000 });
  await begun.promise;
  heartbeat[Symbol.dispose]();
  await Promise.all([failed.promise, socket.reset()]);
  await nextTurn();
  expect(heartbeat.signal.aborted).toBe(false);
});

test('nothing is left running when it is disposed of', async () => {
  let sent = 0;
  const send = async (): Promise<void> => {
    sent += 1;
    await Promise.resolve();
  };
  const heartbeat = new Heartbeat({ send, intervalMs: 5, deadPeerMs: 30 });
  heartbeat[Symbol.dispose]();
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect([sent, heartbeat.signal.aborted]).toEqual([0, false]);
});
