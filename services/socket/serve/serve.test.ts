import { describe, expect, onTestFinished, test } from 'vitest';
import { connect } from '../connect.ts';
import { encodePrefix32, prefix32Decoder } from '../frame/prefix32.ts';
import { listen } from '../listen.ts';
import { handler } from './echo-handler.ts';
import { serveWithSelect } from './select-loop.ts';
import { serveWithTasks } from './task-per-connection.ts';
import { serveWithWorkers } from './worker-per-connection.ts';

const HOST = '127.0.0.1';

/** Starts a server of one architecture and returns its port; it is stopped and awaited when the test is over. */
type Start = (stop: AbortSignal) => Promise<{ port: number; ended: Promise<void> }>;

const ARCHITECTURES: [string, Start][] = [
  [
    'a task for each connection',
    async (stop) => {
      const listener = await listen({ host: HOST, port: 0 }, { backlog: 5 });
      return { port: listener.port, ended: serveWithTasks(listener, handler, stop) };
    },
  ],
  [
    'one select loop',
    async (stop) => {
      const listener = await listen({ host: HOST, port: 0 }, { backlog: 5 });
      return { port: listener.port, ended: serveWithSelect(listener, handler, stop) };
    },
  ],
  [
    'a thread for each connection',
    async (stop) => {
      const listening = Promise.withResolvers<number>();
      const module = { url: new URL('echo-handler.ts', import.meta.url) };
      const ended = serveWithWorkers(HOST, module, listening.resolve, stop);
      return { port: await listening.promise, ended };
    },
  ],
];

async function started(start: Start): Promise<number> {
  const stop = new AbortController();
  const { port, ended } = await start(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await ended;
  });
  return port;
}

/** Sends all messages at once and returns what comes back up to the server's end. */
async function echoes(port: number, messages: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const socket = await connect({ host: HOST, port });
  const decoder = prefix32Decoder(1_048_576);
  const got: Uint8Array[] = [];
  const sending = (async () => {
    for (const message of messages) await socket.sendAll(encodePrefix32(message));
    await socket.shutdown();
  })();
  for (let bytes = await socket.recv(65_536); bytes.length > 0; bytes = await socket.recv(65_536)) {
    decoder.push(bytes);
    for (let message = decoder.next(); message !== 'need-more'; message = decoder.next()) got.push(message);
  }
  await sending;
  await socket.close();
  return got;
}

describe.each(ARCHITECTURES)('%s', (_name, start) => {
  test('answers every message, also those that are more than the kernel holds', async () => {
    const port = await started(start);
    const messages = Array.from({ length: 20 }, (_, seq) => new Uint8Array(400_000).fill(seq));
    const got = await echoes(port, messages);
    expect(got.map((message) => [message.length, message[0]])).toEqual(messages.map((_, seq) => [400_000, 255 - seq]));
  });

  test('serves on while one client stands still in a message and another is reset', async () => {
    const port = await started(start);
    const stuck = await connect({ host: HOST, port });
    await stuck.sendAll(Uint8Array.of(0, 0, 0, 9, 1));
    const lost = await connect({ host: HOST, port });
    await lost.sendAll(Uint8Array.of(0, 0));
    await lost.reset();
    const clients = Array.from({ length: 3 }, async () => await echoes(port, [Uint8Array.of(1, 2, 3)]));
    expect(await Promise.all(clients)).toEqual(Array.from({ length: 3 }, () => [Uint8Array.of(254, 253, 252)]));
    await stuck.sendAll(new Uint8Array(8));
    expect(await stuck.recvExactly(13)).toHaveLength(13);
    await stuck.reset();
  });
});
