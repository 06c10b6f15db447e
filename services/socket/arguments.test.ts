/**
 * Bad input: one error each, by code, from the call that was wrong.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Backoff } from './backoff.ts';
import { BufferedWriter } from './buffered-writer.ts';
import { connect, connectToFirst, startConnect } from './connect.ts';
import { Deadline } from './deadline.ts';
import { Heartbeat } from './heartbeat.ts';
import { listen, type Listener } from './listen.ts';
import { reconnecting } from './reconnect.ts';
import { select } from './select.ts';
import type { Socket } from './socket.ts';

/** What the types would refuse: a program in JavaScript is not asked. */
const wrong = (value: unknown): never => value as never;

const HOST = '127.0.0.1';
const LONG_PATH = `/tmp/${'x'.repeat(200)}`;

let listener: Listener;
let socket: Socket;
let accepted: Socket;
beforeAll(async () => {
  listener = await listen({ host: HOST, port: 0 });
  socket = await connect({ host: HOST, port: listener.port });
  accepted = await listener.accept();
});
afterAll(async () => {
  await Promise.all([socket.reset(), accepted.reset(), listener.close()]);
});

/** What a call threw, at once or by its promise. */
async function thrown(call: () => unknown): Promise<unknown> {
  try {
    await call();
    return 'nothing';
  } catch (error) {
    return error;
  }
}

type Row = readonly [what: string, op: string, call: () => unknown];

const beats = (intervalMs: number, deadPeerMs: number): Heartbeat =>
  new Heartbeat({ send: async () => await Promise.resolve(), intervalMs, deadPeerMs });

const INVALID: readonly Row[] = [
  ['no place', 'connect', () => connect(wrong(undefined))],
  ['port 70000', 'connect', () => connect({ host: HOST, port: 70_000 })],
  ['port 0', 'connect', () => connect({ host: HOST, port: 0 })],
  ['port NaN', 'connect', () => connect({ host: HOST, port: Number.NaN })],
  ['a port that is a text', 'connect', () => connect({ host: HOST, port: wrong('80') })],
  [
    'a port that is an object without a text',
    'connect',
    () => connect({ host: HOST, port: wrong(Object.create(null)) }),
  ],
  ['an empty host', 'connect', () => connect({ host: '', port: 80 })],
  ['a host that is a number', 'connect', () => connect({ host: wrong(5), port: 80 })],
  ['a host with NUL', 'connect', () => connect({ host: 'a\0b', port: 80 })],
  ['an empty path', 'connect', () => connect({ path: '' })],
  ['a path that is too long', 'connect', () => connect({ path: LONG_PATH })],
  ['a path with NUL', 'connect', () => connect({ path: '/tmp/a\0b' })],
  ['a path that is a number', 'connect', () => connect({ path: wrong(5) })],
  ['a name, at once', 'connect', () => startConnect({ host: 'localhost', port: 80 })],
  ['no place, at once', 'connect', () => startConnect(wrong(null))],
  ['addresses that are no list', 'connect', () => connectToFirst(wrong('127.0.0.1'), 80)],
  ['bounds that are null', 'connect', () => connect({ host: HOST, port: 80 }, wrong(null))],
  ['bounds that are null', 'connect', () => connectToFirst([HOST], 80, wrong(null))],
  ['no place', 'listen', () => listen(wrong(undefined))],
  ['options that are null', 'listen', () => listen({ host: HOST, port: 0 }, wrong(null))],
  ['port 70000', 'listen', () => listen({ host: HOST, port: 70_000 })],
  ['a negative port', 'listen', () => listen({ host: HOST, port: -1 })],
  ['a host that is a number', 'listen', () => listen({ host: wrong(5), port: 0 })],
  ['a path that is too long', 'listen', () => listen({ path: LONG_PATH })],
  ['a negative backlog', 'listen', () => listen({ host: HOST, port: 0 }, { backlog: -1 })],
  ['half a backlog', 'listen', () => listen({ host: HOST, port: 0 }, { backlog: 1.5 })],
  ['a negative size', 'recv', () => socket.recv(-1)],
  ['a symbol', 'recv', () => socket.recv(wrong(Symbol('one')))],
  ['an object without a text', 'recv', () => socket.peek(wrong(Object.create(null)))],
  ['half a byte', 'recv', () => socket.recv(1.5)],
  ['no size', 'recv', () => socket.recv(wrong(undefined))],
  ['a size beyond all', 'recv', () => socket.recv(Number.POSITIVE_INFINITY)],
  ['a negative size to look at', 'recv', () => socket.peek(-1)],
  ['a negative size, exactly', 'recv', () => socket.recvExactly(-1)],
  ['more than there is memory', 'recv', () => socket.recvExactly(2 ** 50)],
  ['memory of another kind', 'recv', () => socket.recvInto(wrong(new Uint16Array(2)))],
  ['a deadline that is a number', 'recv', () => socket.recv(1, { deadline: wrong(5) })],
  ['a signal that is none', 'recv', () => socket.recv(1, { signal: wrong('stop') })],
  ['bounds that are a number', 'recv', () => socket.recv(1, wrong(5))],
  ['bounds that are a number, for nothing at all', 'recv', () => socket.recv(0, wrong(5))],
  ['bounds that are a number, exactly', 'recv', () => socket.recvExactly(0, wrong(5))],
  ['a deadline that is a number, once connected', 'connect', () => socket.connected({ deadline: wrong(5) })],
  ['bounds that are a number', 'accept', () => listener.accept(wrong(5))],
  ['a deadline that is a number', 'shutdown', () => socket.shutdown('read', { deadline: wrong(5) })],
  ['a text', 'send', () => socket.send(wrong('text'))],
  ['nothing', 'send', () => socket.send(wrong(undefined))],
  ['a list', 'send', () => socket.sendAll(wrong([1]))],
  ['a deadline in a list that is none', 'send', () => socket.sendAll(Uint8Array.of(1), { deadline: [wrong(5)] })],
  ['a text into a buffer', 'send', () => new BufferedWriter(socket).write(wrong('text'))],
  ['no socket', 'send', () => new BufferedWriter(wrong(null))],
  ['a buffer of more than there is memory', 'send', () => new BufferedWriter(socket, 2 ** 50)],
  ['a buffer without room', 'send', () => new BufferedWriter(socket, 0)],
  ['a direction that there is not', 'shutdown', () => socket.shutdown(wrong('sideways'))],
  ['a negative time to linger', 'close', () => socket.close({ lingerMs: -1 })],
  ['a signal that is none', 'close', () => socket.close({ signal: wrong(5) })],
  ['options that are null', 'close', () => socket.close(wrong(null))],
  ['a negative time', 'setTimeout', () => socket.setTimeout(-1)],
  ['a time that is a text', 'setTimeout', () => listener.setTimeout(wrong('5'))],
  ['a word', 'setBlocking', () => socket.setBlocking(wrong('no'))],
  ['a word', 'setNoDelay', () => socket.setNoDelay(wrong('no'))],
  ['a time of 0', 'setKeepAlive', () => socket.setKeepAlive({ idleMs: 0, intervalMs: 1000, count: 1 })],
  ['a day', 'setKeepAlive', () => socket.setKeepAlive({ idleMs: 86_400_000, intervalMs: 1000, count: 1 })],
  ['128 probes', 'setKeepAlive', () => socket.setKeepAlive({ idleMs: 1000, intervalMs: 1000, count: 128 })],
  ['nothing', 'setKeepAlive', () => socket.setKeepAlive(wrong({}))],
  ['null', 'setKeepAlive', () => socket.setKeepAlive(wrong(null))],
  ['options that are null', 'select', () => select([], [], [], wrong(null))],
  ['no lists', 'select', () => select(wrong(undefined), [])],
  ['a file', 'select', () => select([wrong(process.stdin)], [])],
  ['a negative time', 'select', () => select([], [], [], { timeoutMs: -1 })],
  ['a time that is none', 'deadline', () => Deadline.after(Number.NaN)],
  ['an object without a text', 'deadline', () => Deadline.after(wrong(Object.create(null)))],
  ['a text', 'deadline', () => new Deadline().start(wrong('5'))],
  ['a beginning that is none', 'deadline', () => new Deadline().start(50, Number.NaN)],
  ['an interval of 0', 'heartbeat', () => beats(0, 100)],
  ['an interval that is a text', 'heartbeat', () => beats(wrong('5'), 100)],
  ['options that are null', 'heartbeat', () => new Heartbeat(wrong(null))],
  ['no way to send', 'heartbeat', () => new Heartbeat(wrong({ intervalMs: 5, deadPeerMs: 5 }))],
  ['options that are null', 'reconnect', () => new Backoff(wrong(null))],
  ['options that are null', 'reconnect', () => reconnecting(wrong(undefined), wrong(undefined), wrong(null))],
  ['no backoff', 'reconnect', () => reconnecting(wrong(undefined), wrong(undefined), wrong({ retries: 1 }))],
  ['a limit that is none', 'heartbeat', () => beats(100, Number.NaN)],
  ['a negative bound', 'reconnect', () => new Backoff({ baseMs: -1, capMs: 5 })],
  ['a cap that is none', 'reconnect', () => new Backoff({ baseMs: 1, capMs: Number.NaN })],
  [
    'negative retries',
    'reconnect',
    () =>
      reconnecting(wrong(undefined), wrong(undefined), { backoff: new Backoff({ baseMs: 1, capMs: 1 }), retries: -1 }),
  ],
];

describe('what was given is invalid', () => {
  test.each(INVALID)('%s: %s', async (_what, op, call) => {
    expect(await thrown(call)).toMatchObject({ name: 'SocketError', op, code: 'invalid' });
  });

  test('and has changed nothing: the connection serves on', async () => {
    await socket.sendAll(Uint8Array.of(7));
    expect(await accepted.recv(10)).toEqual(Uint8Array.of(7));
  });
});

describe.each([0, 100])('what was given is invalid, whatever the mode: a timeout of %i ms', (ms) => {
  beforeAll(() => {
    socket.setTimeout(ms);
    listener.setTimeout(ms);
  });
  afterAll(() => {
    socket.setTimeout(undefined);
    listener.setTimeout(undefined);
  });

  test.each<Row>([
    ['recv', 'recv', () => socket.recv(1, wrong(5))],
    ['recvInto', 'recv', () => socket.recvInto(new Uint8Array(1), wrong('soon'))],
    ['recvExactly', 'recv', () => socket.recvExactly(1, wrong(null))],
    ['peek', 'recv', () => socket.peek(1, { deadline: wrong(5) })],
    ['send', 'send', () => socket.send(Uint8Array.of(1), wrong(5))],
    ['sendAll', 'send', () => socket.sendAll(Uint8Array.of(1), wrong(true))],
    ['shutdown', 'shutdown', () => socket.shutdown('write', wrong(5))],
    ['accept', 'accept', () => listener.accept(wrong(5))],
  ])('the bounds of %s', async (_name, op, call) => {
    expect(await thrown(call)).toMatchObject({ name: 'SocketError', op, code: 'invalid' });
  });

  test('and a signal counts that is not its own property', async () => {
    const stop = new AbortController();
    stop.abort();
    // An AbortController has a signal, and so will do for bounds.
    expect(await thrown(() => socket.recvExactly(1, stop))).toMatchObject({ op: 'recv', code: 'aborted' });
  });
});

describe('what was given is no fault of its form', () => {
  test.each<Row>([
    ['unresolved', 'connect', () => connect({ host: 'no-such-host.invalid', port: 80 })],
    ['unresolved', 'listen', () => listen({ host: 'no-such-host.invalid', port: 0 })],
    ['unresolved', 'connect', () => connect({ host: `${'a'.repeat(300)}.invalid`, port: 80 })],
    ['unresolved', 'connect', () => connectToFirst([], 80)],
    ['other', 'listen', () => listen({ host: '192.0.2.1', port: 0 })],
    ['permission', 'listen', () => listen({ path: '/no/such/folder/socket' })],
  ])('%s: %s', async (code, op, call) => {
    expect(await thrown(call)).toMatchObject({ name: 'SocketError', op, code });
  });

  /** The first port that anybody may listen on: ip(7). Containers often allow them all. */
  const unprivilegedFrom =
    process.platform === 'linux' ? Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8')) : 1024;

  test.skipIf(unprivilegedFrom <= 1)('permission: listen, on a port below 1024 without the right', () => {
    const library = new URL('listen.ts', import.meta.url).href;
    // Loaded while it still has the right to read it, then a user without any right.
    const program = `import { listen } from '${library}';
      if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534); }
      const error = await listen({ host: '127.0.0.1', port: ${unprivilegedFrom - 1} }).catch((error) => error);
      console.log(error.name, error.op, error.code);`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    expect(stdout).toBe('SocketError listen permission\n');
  });
});

describe('on what is closed', () => {
  let closed: Socket;
  let deaf: Listener;
  beforeAll(async () => {
    deaf = await listen({ host: HOST, port: 0 });
    closed = await connect({ host: HOST, port: deaf.port });
    await closed.reset();
    await deaf.close();
  });

  test.each<Row>([
    ['recv', 'recv', () => closed.recv(1)],
    ['recvInto', 'recv', () => closed.recvInto(new Uint8Array(1))],
    ['recvExactly', 'recv', () => closed.recvExactly(1)],
    ['peek', 'recv', () => closed.peek(1)],
    ['send', 'send', () => closed.send(Uint8Array.of(1))],
    ['sendAll', 'send', () => closed.sendAll(Uint8Array.of(1))],
    ['a flush', 'send', () => new BufferedWriter(closed, 1).write(Uint8Array.of(1))],
    ['shutdown of writing', 'shutdown', () => closed.shutdown('write')],
    ['shutdown of reading', 'shutdown', () => closed.shutdown('read')],
    ['connected', 'connect', () => closed.connected()],
    ['setNoDelay', 'setNoDelay', () => closed.setNoDelay(true)],
    ['setKeepAlive', 'setKeepAlive', () => closed.setKeepAlive({ idleMs: 1000, intervalMs: 1000, count: 1 })],
    ['select', 'select', () => select([closed], [])],
    ['select of a listener', 'select', () => select([deaf], [])],
    ['accept', 'accept', () => deaf.accept()],
  ])('%s fails with not-open', async (_name, op, call) => {
    expect(await thrown(call)).toMatchObject({ name: 'SocketError', op, code: 'not-open' });
  });

  test('closing again is no error, as everywhere', async () => {
    await closed.close();
    await closed.reset();
    await deaf.close();
    expect(await thrown(() => closed.recv(1))).toMatchObject({ code: 'not-open' });
  });
});
