/**
 * The same wire to every reference subject: where the contract decides what comes of it, they all say the same.
 *
 * What a well-behaved peer sees is `pairs.e2e.test.ts`; here the peer is bare bytes.
 */
import { describe, expect, test } from 'vitest';
import { bareServer, bytesFrom, endOf, serving, untold, visiting, visitorOf, type Params } from './bare-peers.ts';
import { CLIENTS, SERVERS, THERE, withGoBuilt } from './commands.ts';
import { msBetween } from './node/subject-process.ts';
import { expectWaited } from './socket/in-time.ts';

withGoBuilt();

const SERVING = SERVERS.filter((name) => THERE[name]);
const VISITING = CLIENTS.filter((name) => THERE[name]);
const LF = 0x0a;
/** Months: more than a 32-bit timer holds. */
const LONG_MS = 1e10;
/** More than the kernel takes for a peer that reads nothing. */
const MORE_THAN_FITS = 6 * 2 ** 20;
/** Nobody listens there. */
const DEAF_PORT = 1;

const echoOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.map((byte) => byte ^ 0xff));
/** Of a message behind its length of four bytes, which the echo has too. */
const framedEchoOf = (wire: Uint8Array): Buffer => Buffer.concat([wire.subarray(0, 4), echoOf(wire.subarray(4))]);

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
    peer.write(framedEchoOf(wire));
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
    peer.end(framedEchoOf(wire));
    await client.event('done');
    expect(client.story().at(-2)).toBe('eof');
  });

  test('lets an echo in flight come in where its input ends in a pause of "pipeline"', async () => {
    const { port, next } = await bareServer();
    await using client = visiting(name, 'pipeline', port, { messages: 2, messageBytes: 4, paceMs: LONG_MS });
    const peer = await next();
    const wire = await bytesFrom(peer, 8);
    await client.event('sent');
    const end = endOf(peer);
    const status = client.end();
    expect(await untold(client, 'closed')).toBe(true);
    peer.write(framedEchoOf(wire));
    expect({ status: await status, end: await end, story: client.story() }).toEqual({
      status: 0,
      end: 'in order',
      story: ['connecting', 'connected', 'sending', 'sent', 'received', 'closed'],
    });
  });

  test('finishes the exchange and closes in order where its input ends in a send of "pipeline"', async () => {
    const { port, next } = await bareServer();
    const large = { messageBytes: MORE_THAN_FITS, maxMessageBytes: MORE_THAN_FITS, content: 'zeros' };
    await using client = visiting(name, 'pipeline', port, { messages: 2, paceMs: LONG_MS, ...large });
    const peer = await next();
    await client.event('sending');
    expect(await untold(client, 'sent')).toBe(true);
    const status = client.end();
    const wire = await bytesFrom(peer, 4 + MORE_THAN_FITS);
    await client.event('sent');
    const end = endOf(peer);
    peer.write(Buffer.concat([wire.subarray(0, 4), Buffer.alloc(MORE_THAN_FITS, 0xff)]));
    expect({ status: await status, end: await end, last: client.story().slice(-3) }).toEqual({
      status: 0,
      end: 'in order',
      last: ['sent', 'received', 'closed'],
    });
  });

  test('ends a pipeline at once where its input ends in a pause and nothing is in flight', async () => {
    const { port, next } = await bareServer();
    await using client = visiting(name, 'pipeline', port, { messages: 2, messageBytes: 4, paceMs: LONG_MS });
    const peer = await next();
    const wire = await bytesFrom(peer, 8);
    await client.event('sent');
    const end = endOf(peer);
    peer.write(framedEchoOf(wire));
    await client.event('received');
    expect({ status: await client.end(), end: await end, last: client.story().slice(-2) }).toEqual({
      status: 0,
      end: 'in order',
      last: ['received', 'closed'],
    });
  });

  // "Outside `idle` a client's runs only while a reply is due"; in it, up to `eof`.
  test('watches the silence of its server after its own end in "idle", and there alone', async () => {
    const { port, next } = await bareServer();
    await using idle = visiting(name, 'idle', port, { durationMs: 0, deadPeerMs: 300 });
    await next();
    await idle.event('closed');
    expect(idle.story()).toEqual(['connecting', 'connected', 'shutdown', 'failed recv dead-peer', 'closed']);
    expectWaited(msBetween(await idle.event('connected'), await idle.event('failed')), 300);
    await using echo = visiting(name, 'echo', port, { messages: 0, deadPeerMs: 100, ioTimeoutMs: 400 });
    await next();
    await echo.event('closed');
    expect(echo.story()).toEqual(['connecting', 'connected', 'shutdown', 'failed recv timeout', 'closed']);
  });

  // "On any failure before the last echo": there is none to come.
  test('does not connect again where messages is 0', async () => {
    await using client = visiting(name, 'reconnect', DEAF_PORT, { messages: 0, retries: 2, backoffMs: 1 });
    await client.event('done');
    expect(client.events.map(({ event }) => event)).toEqual(['connecting', 'failed', 'closed', 'done']);
  });

  // "Each attempt is a connection of its own": what it sends first is the first message of its side.
  test('makes no pause before the message that it sends again on a new connection', async () => {
    const { port, next } = await bareServer();
    const paceMs = 1000;
    await using client = visiting(name, 'reconnect', port, { messages: 2, messageBytes: 4, paceMs, retries: 1 });
    const first = await next();
    const wire = await bytesFrom(first, 8);
    first.write(framedEchoOf(wire));
    await bytesFrom(first, 8);
    first.destroy();
    await bytesFrom(await next(), 8);
    const again = await client.event('sending', ({ conn }) => conn === 2);
    expect(again['seq']).toBe(1);
    expect(msBetween(await client.event('connected', ({ conn }) => conn === 2), again)).toBeLessThan(paceMs);
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
