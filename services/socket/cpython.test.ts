/**
 * Call by call beside CPython's `socket`: the same peer, the same calls, the same results in the same order.
 */
import { once } from 'node:events';
import * as net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect } from './connect.ts';
import { inPython, PYTHON, resultsOf } from './cpython-calls.ts';
import { select } from './select.ts';
import type { Socket } from './socket.ts';

type Call = readonly [name: string, argument: string | number | null];

/** What the peer does before the calls begin. */
type Script = (peer: net.Socket) => Promise<void>;

/** A peer that plays `script` on its one connection, once both ends know of it. */
async function scripted(script: Script): Promise<{ port: number; play: () => Promise<void> }> {
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = new Promise<net.Socket>((resolve) => {
    server.once('connection', resolve);
  });
  const play = async (): Promise<void> => {
    const peer = await accepted;
    peer.on('error', () => {});
    onTestFinished(() => {
      peer.destroy();
    });
    server.close();
    await script(peer);
    // What the peer did is at this side of the loopback by then.
    await sleep(50);
  };
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, play };
}

async function inCPython(script: Script, calls: readonly Call[]): Promise<unknown> {
  const { port, play } = await scripted(script);
  return await inPython({ port, calls }, play);
}

async function act(socket: Socket, [name, argument]: Call): Promise<unknown> {
  const count = Number(argument);
  const bytes = Buffer.from(String(argument));
  switch (name) {
    case 'recv':
      return Buffer.from(await socket.recv(count)).toString();
    case 'recvInto': {
      const memory = new Uint8Array(count);
      return Buffer.from(memory.subarray(0, await socket.recvInto(memory))).toString();
    }
    case 'peek':
      return Buffer.from(await socket.peek(count)).toString();
    case 'send':
      return await socket.send(bytes);
    case 'sendAll':
      return await socket.sendAll(bytes);
    case 'shutdown':
      return await socket.shutdown(argument === 'read' || argument === 'both' ? argument : 'write');
    case 'setTimeout':
      return socket.setTimeout(argument === null ? undefined : count);
    case 'select':
      return (await select([socket], [socket], [socket], { timeoutMs: count })).map((list) => list.length);
    case 'sleep':
      return await sleep(count);
    case 'closeInOrder':
      return await socket.close();
    default:
      return await socket.close({ lingerMs: 0 });
  }
}

async function inOurs(script: Script, calls: readonly Call[]): Promise<unknown> {
  const { port, play } = await scripted(script);
  const socket = await connect({ host: '127.0.0.1', port });
  onTestFinished(async () => await socket.reset());
  await play();
  return await resultsOf(calls, async (call) => await act(socket, call));
}

const says =
  (...texts: string[]): Script =>
  async (peer) => {
    for (const text of texts) await new Promise<void>((resolve) => peer.write(text, () => resolve()));
  };

const ends: Script = async (peer) => {
  peer.end();
  await once(peer, 'finish');
};

const resets: Script = async (peer) => {
  peer.resetAndDestroy();
  await once(peer, 'close');
};

const closes: Script = async (peer) => {
  peer.resume();
  await ends(peer);
  peer.destroy();
  await once(peer, 'close');
};

const then =
  (...scripts: Script[]): Script =>
  async (peer) => {
    for (const script of scripts) await script(peer);
  };

const answers: Script = async (peer) => void peer.on('data', (said) => peer.write(said));

const nothing: Script = async () => {};

const CASES: [name: string, script: Script, calls: Call[]][] = [
  [
    'bytes in pieces, then the end for ever',
    then(says('abc', 'def'), ends),
    [
      ['recv', 2],
      ['recv', 10],
      ['recv', 10],
      ['recv', 10],
    ],
  ],
  [
    'bytes into memory of the caller, as much as fits, then the end',
    then(says('abcdef'), ends),
    [
      ['recvInto', 4],
      ['recvInto', 0],
      ['peek', 10],
      ['recvInto', 10],
      ['recvInto', 10],
    ],
  ],
  [
    'bytes into memory of the caller, then a reset',
    then(says('abc'), resets),
    [
      ['recvInto', 2],
      ['recvInto', 10],
      ['recvInto', 10],
    ],
  ],
  [
    'nothing asked for, nothing received',
    says('abc'),
    [
      ['recv', 0],
      ['recv', 3],
    ],
  ],
  [
    'nothing asked for, where everything else would wait',
    nothing,
    [
      ['peek', 0],
      ['setTimeout', 0],
      ['recv', 0],
      ['recvInto', 0],
      ['peek', 0],
      ['recv', 1],
    ],
  ],
  [
    'nothing asked for and nothing sent, after the ends',
    nothing,
    [
      ['send', ''],
      ['shutdown', 'write'],
      ['send', ''],
      ['close', null],
      ['recv', 0],
      ['peek', 0],
      ['recvInto', 0],
      ['send', ''],
    ],
  ],
  [
    'a look that takes nothing',
    says('abcdef'),
    [
      ['peek', 3],
      ['peek', 3],
      ['recv', 4],
      ['peek', 10],
      ['recv', 10],
    ],
  ],
  [
    'bytes before a reset, then the reset',
    then(says('abc'), resets),
    [
      ['recv', 2],
      ['recv', 10],
      ['recv', 10],
    ],
  ],
  ['a reset alone', resets, [['recv', 10]]],
  ['a reset that a send is told of', resets, [['send', 'x']]],
  [
    'sending after the peer ended its writing',
    ends,
    [
      ['recv', 1],
      ['send', 'abc'],
      ['sendAll', 'def'],
      ['recv', 1],
    ],
  ],
  [
    'sending to a peer that has closed',
    closes,
    [
      ['send', 'x'],
      ['sleep', 50],
      ['send', 'x'],
    ],
  ],
  [
    'sending nothing to a peer that has closed',
    closes,
    [
      ['send', ''],
      ['send', 'x'],
      ['sleep', 50],
      ['send', ''],
    ],
  ],
  [
    'sending after the own end',
    says('abc'),
    [
      ['shutdown', 'write'],
      ['send', 'x'],
      ['recv', 10],
    ],
  ],
  [
    'the own end twice',
    nothing,
    [
      ['shutdown', 'write'],
      ['shutdown', 'write'],
    ],
  ],
  [
    'receiving after the own end of receiving',
    nothing,
    [
      ['shutdown', 'read'],
      ['recv', 10],
      ['send', 'x'],
    ],
  ],
  [
    'receiving what had come before the own end of receiving',
    says('abc'),
    [
      ['shutdown', 'read'],
      ['recv', 2],
      ['peek', 10],
      ['recv', 10],
      ['recv', 10],
    ],
  ],
  [
    'receiving what comes after the own end of receiving, in either mode',
    answers,
    [
      ['shutdown', 'read'],
      ['send', 'abc'],
      ['sleep', 100],
      ['recv', 2],
      ['setTimeout', 0],
      ['recvInto', 10],
      ['recv', 10],
    ],
  ],
  [
    'both ends at once',
    nothing,
    [
      ['shutdown', 'both'],
      ['recv', 10],
      ['send', 'x'],
    ],
  ],
  [
    'a timeout, after which the socket goes on',
    nothing,
    [
      ['setTimeout', 50],
      ['recv', 10],
      ['send', 'x'],
      ['recv', 10],
    ],
  ],
  [
    'non-blocking',
    nothing,
    [
      ['setTimeout', 0],
      ['recv', 10],
      ['send', 'x'],
      ['recv', 10],
    ],
  ],
  [
    'non-blocking, with something there',
    says('abc'),
    [
      ['setTimeout', 0],
      ['recv', 10],
      ['recv', 10],
      ['peek', 1],
    ],
  ],
  [
    'non-blocking, at the end',
    ends,
    [
      ['setTimeout', 0],
      ['recv', 10],
      ['recv', 10],
    ],
  ],
  [
    'non-blocking, after a reset',
    then(says('abc'), resets),
    [
      ['setTimeout', 0],
      ['recvInto', 10],
      ['recv', 10],
    ],
  ],
  [
    'a timeout does not touch what has come',
    says('abc'),
    [
      ['setTimeout', 50],
      ['recv', 10],
      ['peek', 1],
      ['recvInto', 1],
      ['send', 'x'],
    ],
  ],
  [
    'a negative time',
    says('abc'),
    [
      ['setTimeout', -1],
      ['recv', 10],
    ],
  ],
  [
    'blocking again',
    says('abc'),
    [
      ['setTimeout', 0],
      ['recv', 10],
      ['setTimeout', null],
      ['send', 'x'],
    ],
  ],
  [
    'negative sizes',
    says('abc'),
    [
      ['recv', -1],
      ['recv', 3],
    ],
  ],
  [
    'calls after a close',
    says('abc'),
    [
      ['close', null],
      ['recv', 1],
      ['send', 'x'],
      ['shutdown', 'write'],
      ['close', null],
    ],
  ],
  [
    'select: writable',
    nothing,
    [
      ['select', 0],
      ['select', 50],
    ],
  ],
  [
    'select: readable and writable',
    says('abc'),
    [
      ['select', 50],
      ['recv', 10],
      ['select', 0],
    ],
  ],
  [
    'select: at the end, for ever',
    ends,
    [
      ['select', 50],
      ['recv', 1],
      ['select', 0],
      ['recv', 1],
    ],
  ],
  [
    'select: after a reset',
    resets,
    [
      ['select', 50],
      ['recv', 1],
    ],
  ],
  [
    'select: closed',
    nothing,
    [
      ['close', null],
      ['select', 0],
    ],
  ],
];

describe.runIf(PYTHON)('the same as CPython', () => {
  test.each(CASES)('%s', async (name, script, calls) => {
    const python = await inCPython(script, calls);
    const ours = await inOurs(script, calls);
    // CPython calls a closed socket in select a wrong value, as its number is gone by then.
    const expected = name === 'select: closed' ? [null, '!invalid'] : python;
    expect(python).toEqual(expected);
    expect(ours).toEqual(name === 'select: closed' ? [null, '!not-open'] : python);
  });
});

describe.runIf(PYTHON)('other than CPython, on purpose', () => {
  test('a reset is told for ever, where the kernel tells it once and then speaks of an end', async () => {
    const calls: Call[] = [
      ['recv', 10],
      ['recv', 10],
      ['recv', 10],
    ];
    expect(await inCPython(then(says('abc'), resets), calls)).toEqual(['abc', '!reset', '']);
    expect(await inOurs(then(says('abc'), resets), calls)).toEqual(['abc', '!reset', '!reset']);
  });

  test('a reset that a send was told of is no end for a receive', async () => {
    const calls: Call[] = [
      ['send', 'x'],
      ['recv', 10],
      ['recv', 10],
    ];
    expect(await inCPython(then(says('abc'), resets), calls)).toEqual(['!reset', 'abc', '']);
    expect(await inOurs(then(says('abc'), resets), calls)).toEqual(['!reset', 'abc', '!reset']);
  });

  test('a close says that what was sent is lost, where nobody was told before', async () => {
    const calls: Call[] = [
      ['send', 'x'],
      ['sleep', 50],
    ];
    expect(await inCPython(closes, [...calls, ['close', null]])).toEqual([1, null, null]);
    expect(await inOurs(closes, [...calls, ['closeInOrder', null]])).toEqual([1, null, '!broken-pipe']);
  });
});
