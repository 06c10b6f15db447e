/**
 * A listener call by call beside CPython's, with the same clients: what `cpython.test.ts` is for a connected socket.
 */
import { once } from 'node:events';
import * as net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect } from './connect.ts';
import { inPython, PYTHON, resultsOf } from './cpython-calls.ts';
import { listen, type Listener } from './listen.ts';
import { select } from './select.ts';

type Call = readonly [name: 'setTimeout' | 'accept' | 'select' | 'close', argument: number | null];

/** Connects so many clients, one after the other, and waits until the listener's side knows of them. */
async function visited(port: number, clients: number): Promise<void> {
  for (let nth = 0; nth < clients; nth += 1) {
    const client = net.connect({ host: '127.0.0.1', port }).on('error', () => {});
    onTestFinished(() => void client.destroy());
    await once(client, 'connect');
  }
  await sleep(50);
}

async function act(listener: Listener, [name, argument]: Call): Promise<unknown> {
  if (name === 'setTimeout') return listener.setTimeout(argument ?? undefined);
  if (name === 'close') return await listener.close();
  if (name === 'select') {
    const found = await select([listener], [listener], [listener], { timeoutMs: argument ?? 0 });
    return found.map(({ length }) => length);
  }
  const socket = await listener.accept();
  await socket.close({ lingerMs: 0 });
  return 'accepted';
}

async function inOurs(clients: number, calls: readonly Call[]): Promise<unknown> {
  const listener = await listen({ host: '127.0.0.1', port: 0 }, { backlog: 5 });
  onTestFinished(async () => await listener.close());
  await visited(listener.port, clients);
  return await resultsOf(calls, async (call) => await act(listener, call));
}

const CASES: [name: string, clients: number, calls: Call[]][] = [
  [
    'non-blocking, with nobody there',
    0,
    [
      ['setTimeout', 0],
      ['accept', null],
      ['accept', null],
    ],
  ],
  [
    'non-blocking, with two there',
    2,
    [
      ['setTimeout', 0],
      ['accept', null],
      ['accept', null],
      ['accept', null],
    ],
  ],
  [
    'a timeout, after which the listener goes on',
    1,
    [
      ['accept', null],
      ['setTimeout', 50],
      ['accept', null],
      ['accept', null],
    ],
  ],
  [
    'select: readable while one waits, never writable',
    1,
    [
      ['select', 50],
      ['accept', null],
      ['select', 50],
    ],
  ],
  [
    'calls after a close',
    1,
    [
      ['close', null],
      ['accept', null],
      ['close', null],
    ],
  ],
  [
    'a negative time',
    0,
    [
      ['setTimeout', -1],
      ['setTimeout', 0],
      ['accept', null],
    ],
  ],
];

describe.runIf(PYTHON)('the same as CPython', () => {
  test.each(CASES)('%s', async (_name, clients, calls) => {
    const python = await inPython({ calls }, async (port) => await visited(port, clients));
    expect(python).toHaveLength(calls.length);
    expect(await inOurs(clients, calls)).toEqual(python);
  });

  test('nobody listens: refused', async () => {
    const listener = await listen({ host: '127.0.0.1', port: 0 });
    const { port } = listener;
    await listener.close();
    expect(await inPython({ port, calls: [] })).toEqual(['!refused']);
    await expect(connect({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'refused' });
  });
});
