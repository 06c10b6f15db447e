/**
 * The same wire to every reference subject: where the contract decides what comes of it, they all say the same.
 *
 * What a well-behaved peer sees is `pairs.e2e.test.ts`; here the peer is bare bytes.
 */
import { once } from 'node:events';
import * as net from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CLIENTS, COMMANDS, SERVERS, THERE, withGoBuilt, type Name } from './commands.ts';
import { SubjectProcess } from './node/subject-process.ts';

withGoBuilt();

type Params = Readonly<Record<string, unknown>>;

const SERVING = SERVERS.filter((name) => THERE[name]);
const VISITING = CLIENTS.filter((name) => THERE[name]);
const LF = 0x0a;
/** Months: more than a 32-bit timer holds. */
const LONG_MS = 1e10;
/** Long enough for what must not happen to show itself. */
const WATCH_MS = 200;
/** A busy machine is no fault of theirs. */
const PATIENT = { ioTimeoutMs: 0, connectTimeoutMs: 0 };

function serving(name: Name, workload: string, params: Params): SubjectProcess {
  return new SubjectProcess({
    role: 'server',
    workload,
    port: 0,
    params: { ...PATIENT, ...params },
    command: COMMANDS[name],
  });
}

function visiting(name: Name, workload: string, port: number, params: Params): SubjectProcess {
  return new SubjectProcess({
    role: 'client',
    workload,
    port,
    params: { ...PATIENT, ...params },
    command: COMMANDS[name],
  });
}

function keep(peer: net.Socket): net.Socket {
  peer.on('error', () => {});
  onTestFinished(() => {
    peer.destroy();
  });
  return peer;
}

/** A bare client. */
async function visitorOf(server: SubjectProcess): Promise<net.Socket> {
  const peer = keep(net.connect({ port: await server.port(), host: '127.0.0.1', allowHalfOpen: true, noDelay: true }));
  await once(peer, 'connect');
  return peer;
}

/** A bare server, which leaves what comes to the test. */
async function bareServer(): Promise<{ port: number; next: () => Promise<net.Socket> }> {
  const arrived: net.Socket[] = [];
  const listening = net.createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
  listening.on('connection', (peer) => {
    arrived.push(keep(peer));
    listening.emit('arrived');
  });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  onTestFinished(() => {
    listening.close();
  });
  const next = async (): Promise<net.Socket> => {
    while (arrived.length === 0) await once(listening, 'arrived');
    return arrived.shift() ?? new net.Socket();
  };
  const address = listening.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, next };
}

/** All that comes up to the end, or up to so many bytes. */
async function bytesFrom(peer: net.Socket, enough = Infinity): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  const take = (piece: Buffer): void => {
    bytes = Buffer.concat([bytes, piece]);
    if (bytes.length >= enough) peer.emit('enough');
  };
  peer.on('data', take).resume();
  await Promise.race(['enough', 'end', 'close'].map(async (event) => await once(peer, event)));
  peer.off('data', take);
  return bytes;
}

/** Whether nothing of this name is told for a while. */
async function untold(subject: SubjectProcess, event: string): Promise<boolean> {
  const told = subject.event(event).then(
    () => false,
    () => false,
  );
  const quiet = new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(true), WATCH_MS);
  });
  return await Promise.race([told, quiet]);
}

const echoOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.map((byte) => byte ^ 0xff));

describe.each(SERVING.map((name) => ({ name })))('$name as server', ({ name }) => {
  /** What is told of a connection on which these bytes, and perhaps an end, arrive. */
  async function storyOf(framing: string, params: Params, bytes: Buffer, ends = false) {
    await using server = serving(name, 'echo', { framing, ...params });
    const peer = await visitorOf(server);
    const answer = bytesFrom(peer);
    peer.write(bytes);
    if (ends) peer.end();
    await server.event('closed');
    return { story: server.story(), answer: await answer, status: await server.end() };
  }

  test('refuses a fixed message over maxMessageBytes at its first byte, and no empty stream', async () => {
    const params = { messageBytes: 2000, maxMessageBytes: 1000 };
    const { story } = await storyOf('fixed', params, Buffer.alloc(1));
    expect(story).toEqual(['accepted', 'failed recv too-large', 'closed']);
    expect((await storyOf('fixed', params, Buffer.alloc(0), true)).story).toEqual(['accepted', 'eof', 'closed']);
  });

  test('sends no delimited message with the delimiter in it', async () => {
    const { story, answer, status } = await storyOf('delimited', { content: 'text' }, Buffer.of(LF ^ 0xff, LF));
    expect({ story, answer: answer.length, status }).toEqual({
      story: ['accepted', 'received', 'failed send other', 'closed'],
      answer: 0,
      status: 0,
    });
  });

  test('sends the one message of until-end where messages is 0, as where it is more', async () => {
    for (const messages of [0, 5]) {
      await using server = serving(name, 'download', { framing: 'until-end', messages, messageBytes: 10 });
      const peer = await visitorOf(server);
      peer.end('request');
      expect({ messages, bytes: (await bytesFrom(peer)).length }).toEqual({ messages, bytes: 10 });
    }
  });

  test('reads nothing in a pause of months, and ends it with its input', async () => {
    await using server = serving(name, 'slow-reader', { readPauseMs: LONG_MS, trace: true });
    const peer = await visitorOf(server);
    peer.write(Buffer.alloc(4));
    await server.event('accepted');
    expect(await untold(server, 'read')).toBe(true);
    expect({ status: await server.end(), story: server.story() }).toEqual({ status: 0, story: ['accepted', 'closed'] });
  });

  test('sends no heartbeat of an interval of months', async () => {
    await using server = serving(name, 'idle', { heartbeatMs: LONG_MS, trace: true });
    await visitorOf(server);
    await server.event('accepted');
    expect(await untold(server, 'wrote')).toBe(true);
    expect(await server.end()).toBe(0);
  });

  test.each([
    ['ab', true, ['malformed', 'truncated']],
    ['1x', false, ['malformed', 'timeout']],
  ] as const)(
    'tells of one failure, of which two are open, where an ascii5 header begins with "%s"',
    async (bytes, ends, codes) => {
      const { story, status } = await storyOf('ascii5', { ioTimeoutMs: 300 }, Buffer.from(bytes), ends);
      expect(status).toBe(0);
      expect(codes.map((code) => ['accepted', `failed recv ${code}`, 'closed'])).toContainEqual(story);
    },
  );
});

describe.each(VISITING.map((name) => ({ name })))('$name as client', ({ name }) => {
  test('sends the one message of until-end where messages is 0', async () => {
    const { port, next } = await bareServer();
    await using client = visiting(name, 'echo', port, { framing: 'until-end', messages: 0, messageBytes: 10 });
    const peer = await next();
    const message = await bytesFrom(peer);
    peer.end(echoOf(message));
    await client.event('done');
    expect({ bytes: message.length, failed: client.story().filter((event) => event.startsWith('failed')) }).toEqual({
      bytes: 10,
      failed: [],
    });
  });

  test('sends its second message after a pause of months, and not at once', async () => {
    const { port, next } = await bareServer();
    await using client = visiting(name, 'echo', port, { messages: 2, messageBytes: 4, paceMs: LONG_MS });
    const peer = await next();
    const wire = await bytesFrom(peer, 8);
    peer.write(Buffer.concat([wire.subarray(0, 4), echoOf(wire.subarray(4))]));
    await client.event('received');
    const second = client.event('sending', ({ seq }) => seq === 1).then(() => 'sent');
    expect(await Promise.race([second, untold(client, 'closed')])).toBe(true);
    expect({ status: await client.end(), last: client.story().at(-1) }).toEqual({ status: 0, last: 'closed' });
  });

  test('stays idle for months', async () => {
    const { port, next } = await bareServer();
    await using client = visiting(name, 'idle', port, { durationMs: LONG_MS });
    await next();
    await client.event('connected');
    expect(await untold(client, 'shutdown')).toBe(true);
    expect({ status: await client.end(), story: client.story() }).toEqual({
      status: 0,
      story: ['connecting', 'connected', 'closed'],
    });
  });

  test('has the time that deadlines of months give', async () => {
    const { port, next } = await bareServer();
    const months = { ioTimeoutMs: LONG_MS, connectTimeoutMs: LONG_MS, deadPeerMs: LONG_MS };
    await using client = visiting(name, 'echo', port, { messages: 1, messageBytes: 4, ...months });
    const peer = await next();
    const wire = await bytesFrom(peer, 8);
    expect(await untold(client, 'failed')).toBe(true);
    peer.end(Buffer.concat([wire.subarray(0, 4), echoOf(wire.subarray(4))]));
    await client.event('done');
    expect(client.story().at(-2)).toBe('eof');
  });

  // "The bound doubles with each, to at most 2000" leaves the first open; all of them keep it there too.
  test('waits at most 2000 ms before its first retry, where backoffMs is weeks', async () => {
    const { port, next } = await bareServer();
    await using client = visiting(name, 'reconnect', port, { retries: 1, backoffMs: 2e9 });
    for (let attempt = 1; attempt <= 2; attempt += 1) (await next()).end();
    await client.event('done');
    expect(await client.end()).toBe(0);
  });
});
