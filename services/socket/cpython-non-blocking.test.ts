/**
 * A connection that is only begun, and sends that are taken in part, beside CPython's: HOWTO, "Non-blocking Sockets".
 */
import { once } from 'node:events';
import * as net from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect, startConnect } from './connect.ts';
import { inPython, PYTHON, resultsOf } from './cpython-calls.ts';
import { fullListener } from './full-queue.ts';
import { listen } from './listen.ts';
import { select } from './select.ts';
import type { Socket } from './socket.ts';

type Call = readonly [name: 'select' | 'connected' | 'recv' | 'send', argument: number | string | null];

interface Place {
  readonly host: string;
  readonly port: number;
}

async function act(socket: Socket, [name, argument]: Call): Promise<unknown> {
  switch (name) {
    case 'select': {
      const found = await select([socket], [socket], [socket], { timeoutMs: Number(argument) });
      return found.map(({ length }) => length);
    }
    case 'connected':
      return await socket.connected();
    case 'recv':
      return Buffer.from(await socket.recv(Number(argument))).toString();
    case 'send':
      return await socket.send(Buffer.from(String(argument)));
  }
}

async function inOurs(place: Place, calls: readonly Call[]): Promise<unknown> {
  const socket = startConnect(place);
  onTestFinished(async () => await socket.reset());
  socket.setBlocking(false);
  return await resultsOf(calls, async (call) => await act(socket, call));
}

async function silent(): Promise<Place> {
  const listener = await listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => await listener.close());
  return { host: '127.0.0.1', port: listener.port };
}

async function nobody(): Promise<Place> {
  const listener = await listen({ host: '127.0.0.1', port: 0 });
  await listener.close();
  return { host: '127.0.0.1', port: listener.port };
}

const CASES: [name: string, at: () => Promise<Place>, calls: Call[], results: unknown[]][] = [
  [
    'to somebody who listens: writable, and then as any other',
    silent,
    [
      ['select', 5000],
      ['connected', null],
      ['send', 'abc'],
      ['recv', 1],
    ],
    [[0, 1, 0], null, 3, '!would-block'],
  ],
  [
    'to nobody: readable and writable, and then refused',
    nobody,
    [
      ['select', 5000],
      ['connected', null],
    ],
    [[1, 1, 0], '!refused'],
  ],
  [
    'to a queue that is full: neither, and every call would wait',
    async () => ({ host: '127.0.0.2', port: await fullListener() }),
    [
      ['select', 50],
      ['send', 'abc'],
      ['recv', 1],
      ['select', 0],
    ],
    [[0, 0, 0], '!would-block', '!would-block', [0, 0, 0]],
  ],
];

describe.runIf(PYTHON)('a connection begun and not waited for is the same as in CPython', () => {
  test.each(CASES)('%s', async (_name, at, calls, results) => {
    const place = await at();
    expect(await inPython({ begin: [place.host, place.port], calls })).toEqual(results);
    expect(await inOurs(place, calls)).toEqual(results);
  });
});

/** More than is ever taken at once. */
const OFFERED_BYTES = 1_000_000;

/** A peer that reads nothing until it is told to; then everything, of which it gives the count. */
async function lateReader(): Promise<{ port: number; readAll: () => Promise<number> }> {
  const server = net.createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connection = new Promise<net.Socket>((resolve) => {
    server.once('connection', resolve);
  });
  const readAll = async (): Promise<number> => {
    const peer = await connection;
    server.close();
    let count = 0;
    peer.on('data', ({ length }: Buffer) => {
      count += length;
    });
    peer.resume();
    await once(peer, 'end');
    return count;
  };
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, readAll };
}

/** What each send took until nothing was taken any more, and what a send of nothing says then. */
async function fillInPython(port: number): Promise<[taken: number[], nothing: number]> {
  const calls = [
    ['setTimeout', 0],
    ['fill', OFFERED_BYTES],
    ['send', ''],
    ['close', null],
  ];
  const [, taken, empty] = (await inPython({ port, calls })) as [null, number[], number, null];
  return [taken, empty];
}

async function fillInOurs(port: number): Promise<{ taken: number[]; refusal: unknown; socket: Socket }> {
  const socket = await connect({ host: '127.0.0.1', port });
  onTestFinished(async () => await socket.reset());
  socket.setBlocking(false);
  const taken: number[] = [];
  const offered = new Uint8Array(OFFERED_BYTES);
  try {
    for (;;) taken.push(await socket.send(offered));
  } catch (refusal) {
    return { taken, refusal, socket };
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

describe.runIf(PYTHON)('as many bytes arrive as were said to be taken, one by one in part, as in CPython', () => {
  test('in CPython', async () => {
    const { port, readAll } = await lateReader();
    const [taken, empty] = await fillInPython(port);
    expect(empty).toBe(0);
    expect(taken.some((count) => count < OFFERED_BYTES)).toBe(true);
    expect(await readAll()).toBe(sum(taken));
  });

  test('an end of writing behind them: a send after it is refused, and says so at once', async () => {
    const python = await lateReader();
    const calls = [
      ['setTimeout', 0],
      ['fill', OFFERED_BYTES],
      ['shutdown', 'write'],
      ['select', 0],
      ['send', 'x'],
      ['send', ''],
      ['close', null],
    ];
    const [, theirs, ...results] = (await inPython({ port: python.port, calls })) as [null, number[], ...unknown[]];
    expect(await python.readAll()).toBe(sum(theirs));
    const { port, readAll } = await lateReader();
    const { taken, socket } = await fillInOurs(port);
    const ending = socket.shutdown();
    const send: Call[] = [
      ['select', 0],
      ['send', 'x'],
      ['send', ''],
    ];
    const ours = await resultsOf(send, async (call) => await act(socket, call));
    const [arrived] = await Promise.all([readAll(), ending]);
    expect(arrived).toBe(sum(taken));
    // Theirs waits in the kernel; ours takes as long as the peer.
    expect([null, ...ours, null]).toEqual(results);
    expect(ours).toEqual([[0, 1, 0], '!broken-pipe', '!broken-pipe']);
  });

  test('here', async () => {
    const { port, readAll } = await lateReader();
    const { taken, refusal, socket } = await fillInOurs(port);
    expect(refusal).toMatchObject({ op: 'send', code: 'would-block' });
    expect(await socket.send(new Uint8Array(0))).toBe(0);
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.every((count) => count > 0 && count < OFFERED_BYTES)).toBe(true);
    const [arrived] = await Promise.all([readAll(), socket.close({ lingerMs: 5000 })]);
    expect(arrived).toBe(sum(taken));
  });
});
