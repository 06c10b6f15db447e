import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { connect } from '../connect.ts';
import { encodePrefix32, prefix32Decoder } from '../frame/prefix32.ts';
import { listen, type Listener } from '../listen.ts';
import { select } from '../select.ts';
import { handler as download } from './download-handler.ts';
import type { Socket } from '../socket.ts';
import type { SocketError } from '../socket-error.ts';
import { handler as echo } from './echo-handler.ts';
import { serveWithSelect } from './select-loop.ts';
import type { Handler } from './session.ts';
import { serveWithTasks } from './task-per-connection.ts';
import { handler as upload } from './upload-handler.ts';
import { serveWithWorkers } from './worker-per-connection.ts';

const HOST = '127.0.0.1';

/** A handler, and the module that exports it, by which a thread loads it. */
interface Served {
  readonly handler: Handler;
  readonly module: { readonly url: URL };
}

const served = (handler: Handler, file: string): Served => ({
  handler,
  module: { url: new URL(file, import.meta.url) },
});
const ECHO = served(echo, 'echo-handler.ts');
const UPLOAD = served(upload, 'upload-handler.ts');
const DOWNLOAD = served(download, 'download-handler.ts');

/** Serves with one architecture until it is stopped. */
type Serve = (listener: Listener, served: Served, stop: AbortSignal) => Promise<void>;

const ARCHITECTURES: [string, Serve][] = [
  ['a task for each connection', async (listener, { handler }, stop) => await serveWithTasks(listener, handler, stop)],
  ['one select loop', async (listener, { handler }, stop) => await serveWithSelect(listener, handler, stop)],
  [
    'a thread for each connection',
    async (listener, { module }, stop) => await serveWithWorkers(listener, module, stop),
  ],
];

/** Starts a server and returns its port; it is stopped and awaited when the test is over. */
async function started(serve: Serve, what: Served = ECHO): Promise<number> {
  const stop = new AbortController();
  const listener = await listen({ host: HOST, port: 0 }, { backlog: 5 });
  const ended = serve(listener, what, stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await ended;
  });
  return listener.port;
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

/** How the server's side ends: 0 for an end in order. */
async function endOf(client: Socket): Promise<unknown> {
  const end = await client.recv(1).then(
    ({ length }) => length,
    ({ code }: SocketError) => code,
  );
  await client.reset();
  return end;
}

/** Sends everything, ends, and returns all that comes back. */
async function reply(port: number, request: Uint8Array): Promise<Buffer> {
  const socket = await connect({ host: HOST, port });
  await socket.sendAll(request);
  await socket.shutdown();
  const parts: Uint8Array[] = [];
  for (let bytes = await socket.recv(65_536); bytes.length > 0; bytes = await socket.recv(65_536)) parts.push(bytes);
  await socket.close();
  return Buffer.concat(parts);
}

describe.each(ARCHITECTURES)('%s', (_name, serve) => {
  test('answers every message, also those that are more than the kernel holds', async () => {
    const port = await started(serve);
    const messages = Array.from({ length: 20 }, (_, seq) => new Uint8Array(400_000).fill(seq));
    const got = await echoes(port, messages);
    expect(got.map((message) => [message.length, message[0]])).toEqual(messages.map((_, seq) => [400_000, 255 - seq]));
  });

  test('takes an upload to its end and answers then', async () => {
    const port = await started(serve, UPLOAD);
    const sent = new Uint8Array(3_000_000).fill(7);
    expect((await reply(port, sent)).toString('ascii')).toBe(createHash('sha256').update(sent).digest('hex'));
  });

  test('gives a download that is more than the kernel holds', async () => {
    const port = await started(serve, DOWNLOAD);
    const got = await reply(
      port,
      new Uint8Array(50).map((_, nth) => nth),
    );
    expect(got.length).toBe(5_000_000);
    expect(got.every((byte, at) => byte === Math.floor(at / 100_000))).toBe(true);
  });

  test('serves on while one client stands still in a message and another is reset', async () => {
    const port = await started(serve);
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

  test('serves on after a client that broke the protocol, which is cut off', async () => {
    const port = await started(serve);
    const good = await connect({ host: HOST, port });
    const bad = await connect({ host: HOST, port });
    await bad.sendAll(Uint8Array.of(0xff, 0xff, 0xff, 0xff));
    await expect(bad.recv(1)).rejects.toMatchObject({ code: 'reset' });
    await good.sendAll(Uint8Array.of(0, 0, 0, 1, 7));
    expect(await good.recvExactly(5)).toEqual(Uint8Array.of(0, 0, 0, 1, 248));
    await good.close();
  });

  test('drops a connection whose handler cannot even begin, and accepts the next', async () => {
    const begin = (): never => {
      throw new Error('no');
    };
    const url = new URL("data:text/javascript,export const handler = () => { throw new Error('no'); };");
    const port = await started(serve, { handler: begin, module: { url } });
    for (let nth = 0; nth < 2; nth += 1) {
      // A reset that comes at once may be told to the connect.
      const told = await connect({ host: HOST, port }).then(endOf, ({ code }: SocketError) => code);
      expect([0, 'reset']).toContain(told);
    }
  });

  test('stops at once when it was told to before it began, and listens no more', async () => {
    const listener = await listen({ host: HOST, port: 0 });
    await serve(listener, ECHO, AbortSignal.abort());
    await expect(connect({ host: HOST, port: listener.port })).rejects.toMatchObject({ code: 'refused' });
  });

  test('ends what is open when it is told to stop', async () => {
    const stop = new AbortController();
    const listener = await listen({ host: HOST, port: 0 });
    const ended = serve(listener, ECHO, stop.signal);
    const client = await connect({ host: HOST, port: listener.port });
    await client.sendAll(Uint8Array.of(0, 0, 0, 1, 7));
    await client.recvExactly(5);
    stop.abort();
    await ended;
    expect([0, 'reset']).toContain(await endOf(client));
  });
});

test('the select loop resets what is still closing when it is told to stop, and waits for that', async () => {
  const handles = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  const before = handles();
  const stop = new AbortController();
  const listener = await listen({ host: HOST, port: 0 });
  const accepting = vi.spyOn(listener, 'accept');
  onTestFinished(() => accepting.mockRestore());
  const ended = Promise.withResolvers<void>();
  const answers = new EventEmitter();
  // Fewer bytes than one send takes: none are left in the loop's hands.
  const handler: Handler = () => ({
    receive: () => {
      answers.emit('answer');
      return new Uint8Array(60_000);
    },
    end: () => {
      ended.resolve();
      return new Uint8Array(0);
    },
  });
  const serving = serveWithSelect(listener, handler, stop.signal);
  const client = await connect({ host: HOST, port: listener.port });
  onTestFinished(async () => await client.reset());
  const isFull = async (): Promise<boolean> => {
    const first = await accepting.mock.results[0]?.value;
    return first !== undefined && (await select([], [first], [], { timeoutMs: 50 }))[1].length === 0;
  };
  // Nobody reads the answers: in the end one waits behind a kernel that is full.
  while (!(await isFull())) await Promise.all([once(answers, 'answer'), client.sendAll(Uint8Array.of(1))]);
  await client.shutdown();
  await ended.promise;
  stop.abort();
  await serving;
  expect(handles() - before).toBe(1);
});

/** A server that is not allowed to start threads. */
const THREADLESS = `
  const [listening, workers] = process.argv.slice(1);
  const { listen } = await import(listening);
  const { serveWithWorkers } = await import(workers);
  const listener = await listen({ host: '${HOST}', port: 0 });
  console.log(listener.port);
  await serveWithWorkers(listener, { url: new URL('file:///none.js') }, new AbortController().signal);`;

test('a connection for which no thread can be started is reset, and the next one is accepted', async () => {
  const files = ['../listen.ts', 'worker-per-connection.ts'].map((file) => new URL(file, import.meta.url).href);
  const flags = ['--permission', '--allow-fs-read=*', '--input-type=module', '-e', THREADLESS];
  const child = spawn(process.execPath, [...flags, ...files], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    child.kill();
    await once(child, 'close');
  });
  const [port]: unknown[] = await once(child.stdout, 'data');
  for (let nth = 0; nth < 2; nth += 1) {
    // A reset that comes at once may be told to the connect.
    const told = connect({ host: HOST, port: Number(port) }).then(endOf, ({ code }: SocketError) => code);
    expect(await told).toBe('reset');
  }
});

test('a Unix socket is refused where its connections would have to move to a thread', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'serve-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await using listener = await listen({ path: join(folder, 's') });
  const serving = serveWithWorkers(listener, ECHO.module, new AbortController().signal);
  await expect(serving).rejects.toMatchObject({ op: 'listen', code: 'invalid' });
});
