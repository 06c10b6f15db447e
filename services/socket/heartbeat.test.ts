import { once } from 'node:events';
import { expect, test } from 'vitest';
import { Deadline } from './deadline.ts';
import { Heartbeat } from './heartbeat.ts';
import { pair } from './pair.ts';

const BEAT = Uint8Array.of(0);

test('a silent peer is declared dead after the limit, not before, and at most one heartbeat later', async () => {
  const { socket, peer } = await pair('connected');
  peer.resume();
  const from = performance.now();
  using heartbeat = new Heartbeat({ send: async () => await socket.sendAll(BEAT), intervalMs: 50, deadPeerMs: 300 });
  await expect(socket.recv(1, { signal: heartbeat.signal })).rejects.toMatchObject({ code: 'dead-peer' });
  const took = performance.now() - from;
  expect(took).toBeGreaterThanOrEqual(300);
  // The machine may be busy: the tight bound is the benchmark's.
  expect(took).toBeLessThan(2000);
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
  using heartbeat = new Heartbeat({ send, intervalMs: 20, deadPeerMs: 200 });
  const from = performance.now();
  await once(heartbeat.signal, 'abort');
  expect(performance.now() - from).toBeGreaterThanOrEqual(200);
  expect(sends).toBe(1);
  await socket.reset();
  await stuck;
});

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
