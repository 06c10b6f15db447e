import { once } from 'node:events';
import * as net from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { expectWaited } from '../socket/in-time.ts';
import { SubjectProcess, msBetween, type Start } from './subject-process.ts';

type Params = Readonly<Record<string, unknown>>;

function start(options: Start): SubjectProcess {
  const subject = new SubjectProcess(options);
  onTestFinished(async () => await subject[Symbol.asyncDispose]());
  return subject;
}

/** Both roles against each other until the client is done; then both are told to end. */
async function play(workload: string, params: Params): Promise<{ server: SubjectProcess; client: SubjectProcess }> {
  const serving = server(workload, params);
  const visiting = client(await serving.port(), workload, params);
  await visiting.event('done');
  expect(await visiting.end()).toBe(0);
  expect(await serving.end()).toBe(0);
  return { server: serving, client: visiting };
}

function client(port: number, workload: string, params: Params = {}): SubjectProcess {
  return start({ role: 'client', workload, port, params });
}

function server(workload: string, params: Params = {}): SubjectProcess {
  return start({ role: 'server', workload, port: 0, params });
}

/** A server of bare bytes. */
async function bareServer(serve: (peer: net.Socket) => void): Promise<number> {
  const listening = net.createServer({ allowHalfOpen: true, noDelay: true }, (peer) => {
    peer.on('error', () => {});
    onTestFinished(() => {
      peer.destroy();
    });
    serve(peer);
  });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  onTestFinished(() => {
    listening.close();
  });
  const address = listening.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A client of bare bytes. */
async function bareClient(serving: SubjectProcess): Promise<net.Socket> {
  const peer = net.connect({ port: await serving.port(), host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  peer.on('error', () => {});
  onTestFinished(() => {
    peer.destroy();
  });
  await once(peer, 'connect');
  return peer;
}

function prefix32(payload: Uint8Array): Buffer {
  const wire = Buffer.alloc(4 + payload.length);
  wire.writeUInt32BE(payload.length);
  wire.set(payload, 4);
  return wire;
}

const EXCHANGE = ['sending', 'sent', 'received'];
const ANSWER = ['received', 'sending', 'sent'];

describe('clean runs', () => {
  test('connect', async () => {
    const played = await play('connect', {});
    expect(played.client.story()).toEqual(['connecting', 'connected', 'closed']);
    expect(played.server.story()).toEqual(['accepted', 'eof', 'closed']);
  });

  test.each(['fixed', 'prefix32', 'ascii5', 'typed'])('echo in %s', async (framing) => {
    const played = await play('echo', { framing, messages: 3 });
    const exchanges = [...EXCHANGE, ...EXCHANGE, ...EXCHANGE];
    expect(played.client.story()).toEqual(['connecting', 'connected', ...exchanges, 'shutdown', 'eof', 'closed']);
    expect(played.server.story()).toEqual(['accepted', ...ANSWER, ...ANSWER, ...ANSWER, 'eof', 'closed']);
  });

  test('echo in delimited, with text', async () => {
    const played = await play('echo', { framing: 'delimited', content: 'text', messages: 2 });
    expect(played.client.story().at(-2)).toBe('eof');
  });

  test('echo in until-end is one message', async () => {
    const played = await play('echo', { framing: 'until-end', messages: 5 });
    const said = ['sending', 'sent', 'shutdown', 'received', 'eof', 'closed'];
    expect(played.client.story()).toEqual(['connecting', 'connected', ...said]);
    expect(played.server.story()).toEqual(['accepted', 'received', 'eof', 'sending', 'sent', 'closed']);
  });

  test('pipeline, whose messages together are more than the kernel holds', async () => {
    const params = { messages: 30, messageBytes: 400_000, ioTimeoutMs: 10_000 };
    const played = await play('pipeline', params);
    expect(played.client.story().filter((event) => event === 'received')).toHaveLength(30);
    expect(played.client.story().slice(-3)).toEqual(['shutdown', 'eof', 'closed']);
  });

  test('upload is answered with the digest', async () => {
    const played = await play('upload', { messageBytes: 300_000, messages: 7 });
    const sent = played.client.events.find(({ event }) => event === 'sending');
    const got = played.server.events.find(({ event }) => event === 'received');
    expect(got).toMatchObject({ bytes: 300_000, sha256: sent?.['sha256'] });
    expect(played.client.story().slice(-3)).toEqual(['received', 'eof', 'closed']);
  });

  test('download carries the key of the server', async () => {
    const played = await play('download', { messages: 3, seed: 'x' });
    const sent = played.server.events.filter(({ event }) => event === 'sending').map((event) => event['sha256']);
    const got = played.client.events.filter(({ event }) => event === 'received').map((event) => event['sha256']);
    expect(got).toEqual(sent);
    expect(played.server.story()).not.toContain('eof');
    expect(played.client.story().slice(-2)).toEqual(['eof', 'closed']);
  });

  test('idle exchanges heartbeats for as long as it was told to', async () => {
    const played = await play('idle', { durationMs: 500, heartbeatMs: 100, deadPeerMs: 10_000 });
    expect(played.client.story()).toContain('heard');
    const stayed = msBetween(await played.client.event('connected'), await played.client.event('shutdown'));
    expectWaited(stayed, 500);
    // One an interval, the first after one: a busy host makes the intervals longer, never shorter.
    const heard = played.server.story().filter((event) => event === 'heard').length;
    expect(heard).toBeGreaterThanOrEqual(2);
    expect(heard).toBeLessThanOrEqual(stayed / 100);
    // A beat of the server's may cross the client's end.
    const ends = played.client.story().filter((event) => event !== 'heard');
    expect(ends.slice(-3)).toEqual(['shutdown', 'eof', 'closed']);
  });

  test('slow-reader reads nothing for its pause, then everything', async () => {
    const played = await play('slow-reader', { readPauseMs: 300, messages: 4 });
    expectWaited(msBetween(await played.server.event('accepted'), await played.server.event('received')), 300);
    expect(played.server.story().filter((event) => event === 'received')).toHaveLength(4);
    expect(played.client.story().slice(-3)).toEqual(['shutdown', 'eof', 'closed']);
  });

  test('connections are numbered, keyed, and open so many at a time', async () => {
    const played = await play('echo', { connections: 5, concurrency: 2, messages: 1 });
    expect(played.client.events.filter(({ event }) => event === 'connecting').map((event) => event['key'])).toEqual([
      1, 2, 3, 4, 5,
    ]);
    let open = 0;
    for (const { event } of played.client.events) {
      if (event === 'connecting') open += 1;
      if (event === 'closed') open -= 1;
      expect(open).toBeLessThanOrEqual(2);
    }
    const digests = played.client.events.filter(({ event }) => event === 'sending').map((event) => event['sha256']);
    expect(new Set(digests).size).toBe(5);
  });

  test('trace tells every call, and together they are the bytes on the wire', async () => {
    const played = await play('echo', { trace: true, messages: 2, messageBytes: 100_000 });
    const sum = (name: string): number =>
      played.client.events
        .filter(({ event }) => event === name)
        .reduce((total, event) => total + Number(event['bytes']), 0);
    expect(sum('wrote')).toBe(2 * 100_004);
    expect(sum('read')).toBe(2 * 100_004);
  });
});

describe('a client', () => {
  test('reports a refused connection and is done', async () => {
    const port = await bareServer(() => {});
    const subject = client(port === 1 ? 2 : 1, 'echo');
    await subject.event('done');
    expect(subject.story()).toEqual(['connecting', 'failed connect refused', 'closed']);
    expect(await subject.end()).toBe(0);
  });

  test('gives up on a silent server after the deadline, and not before', async () => {
    const subject = client(await bareServer((peer) => peer.resume()), 'echo', { ioTimeoutMs: 300 });
    const failed = await subject.event('failed');
    expect(failed).toMatchObject({ op: 'recv', code: 'timeout' });
    expectWaited(msBetween(await subject.event('sent'), failed), 300);
    await subject.event('closed');
    expect(subject.story().slice(-2)).toEqual(['failed recv timeout', 'closed']);
  });

  test('does not let a drip outlive the deadline of the message', async () => {
    const port = await bareServer((peer) => {
      const wire = prefix32(Buffer.alloc(1024));
      let at = 0;
      const drip = setInterval(() => peer.write(wire.subarray(at, (at += 1))), 50);
      peer.on('close', () => clearInterval(drip));
      peer.resume();
    });
    const subject = client(port, 'echo', { ioTimeoutMs: 400, trace: true });
    const failed = await subject.event('failed');
    expect(failed).toMatchObject({ op: 'recv', code: 'timeout' });
    expect(subject.story()).toContain('read');
    expectWaited(msBetween(await subject.event('sent'), failed), 400);
  });

  test('gives up sending when nothing is taken', async () => {
    const port = await bareServer((peer) => peer.pause());
    const subject = client(port, 'echo', { ioTimeoutMs: 300, messageBytes: 64 * 2 ** 20 });
    const failed = await subject.event('failed');
    expect(failed).toMatchObject({ op: 'send', code: 'timeout' });
    expectWaited(msBetween(await subject.event('sending'), failed), 300);
  });

  test('notices in idle that the server says nothing, after deadPeerMs and not before', async () => {
    const subject = client(await bareServer((peer) => peer.resume()), 'idle', {
      durationMs: 5000,
      heartbeatMs: 50,
      deadPeerMs: 400,
    });
    const failed = await subject.event('failed');
    expect(failed).toMatchObject({ op: 'recv', code: 'dead-peer' });
    expectWaited(msBetween(await subject.event('connected'), failed), 400);
  });

  test.each([
    ['between messages', Buffer.alloc(0), 'closed'],
    ['inside a header', Buffer.of(0, 0), 'truncated'],
    ['inside a payload', prefix32(Buffer.alloc(50)).subarray(0, 30), 'truncated'],
  ])('tells an end %s from the others', async (_where, bytes, code) => {
    const subject = client(await bareServer((peer) => peer.once('data', () => peer.end(bytes))), 'echo');
    expect(await subject.event('failed')).toMatchObject({ op: 'recv', code });
    expect(subject.story()).not.toContain('eof');
  });

  test.each(['echo', 'pipeline', 'upload', 'download', 'slow-reader', 'idle'])(
    'calls a reset a reset in %s',
    async (workload) => {
      const port = await bareServer((peer) => peer.once('data', () => peer.resetAndDestroy()));
      const subject = client(port, workload, { messages: 200, paceMs: 1, heartbeatMs: 20 });
      const failed = await subject.event('failed');
      expect(['reset', 'broken-pipe']).toContain(failed['code']);
      await subject.event('closed');
      expect(subject.story()).not.toContain('eof');
    },
  );

  test('delivers in pipeline what arrived before a reset', async () => {
    const port = await bareServer((peer) => {
      let bytes = Buffer.alloc(0);
      peer.on('data', (chunk: Buffer) => {
        bytes = Buffer.concat([bytes, chunk]);
        if (bytes.length < 5 * 104) return;
        const echoes = [0, 1, 2, 3, 4].map((seq) =>
          prefix32(bytes.subarray(seq * 104 + 4, (seq + 1) * 104).map((byte) => byte ^ 0xff)),
        );
        peer.removeAllListeners('data').pause();
        peer.write(Buffer.concat(echoes), () => peer.resetAndDestroy());
      });
    });
    const subject = client(port, 'pipeline', { messages: 1000, messageBytes: 100, paceMs: 1 });
    await subject.event('closed');
    expect(subject.story().filter((event) => event === 'received')).toHaveLength(5);
    expect(subject.story().at(-2)).toMatch(/^failed (recv|send) (reset|broken-pipe)$/);
  });

  test('refuses a message that is announced as too long', async () => {
    const port = await bareServer((peer) => peer.once('data', () => peer.write(Buffer.of(0xff, 0xff, 0xff, 0xff))));
    expect(await client(port, 'echo').event('failed')).toMatchObject({ op: 'recv', code: 'too-large' });
  });

  test('reports a wrong echo as received, then as a mismatch', async () => {
    const port = await bareServer((peer) => peer.on('data', (chunk: Buffer) => peer.write(chunk)));
    const subject = client(port, 'echo');
    await subject.event('closed');
    expect(subject.story().slice(-3)).toEqual(['received', 'failed recv mismatch', 'closed']);
  });

  test('connects again until everything is echoed, each attempt a connection of its own', async () => {
    let connections = 0;
    const port = await bareServer((peer) => {
      connections += 1;
      const dies = connections < 3;
      let echoed = 0;
      peer.on('data', (chunk: Buffer) => {
        if (dies && echoed === 1) peer.resetAndDestroy();
        else peer.write(prefix32(chunk.subarray(4).map((byte) => byte ^ 0xff)));
        echoed += 1;
      });
      peer.on('end', () => peer.end());
    });
    const subject = client(port, 'reconnect', { messages: 4, messageBytes: 20, retries: 1, backoffMs: 20 });
    await subject.event('done');
    const keys = subject.events
      .filter(({ event }) => event === 'connecting')
      .map((event) => [event.conn, event['key']]);
    expect(keys).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
    expect(subject.events.filter(({ event }) => event === 'sending').map((event) => event['seq'])).toEqual([
      0, 1, 1, 2, 2, 3,
    ]);
    expect(subject.story(3).slice(-3)).toEqual(['shutdown', 'eof', 'closed']);
  });

  test('stops retrying when its retries are used up', async () => {
    const subject = client(1, 'reconnect', { retries: 3, backoffMs: 5 });
    await subject.event('done');
    expect(subject.events.filter(({ event }) => event === 'connecting')).toHaveLength(4);
  });

  test('told to end, it opens nothing more and says no done', async () => {
    const port = await bareServer((peer) => peer.resume());
    const subject = client(port, 'idle', { durationMs: 60_000, connections: 3, concurrency: 1 });
    await subject.event('connected');
    expect(await subject.end()).toBe(0);
    expect(subject.events.map(({ event }) => event)).toEqual(['connecting', 'connected', 'closed']);
  });

  test('told to end in an exchange, it gives it two seconds and then resets', async () => {
    const told = Promise.withResolvers<unknown>();
    const port = await bareServer((peer) => peer.on('error', told.resolve).resume());
    const subject = client(port, 'echo', { ioTimeoutMs: 0 });
    await subject.event('sent');
    const from = performance.now();
    expect(await subject.end()).toBe(0);
    expectWaited(performance.now() - from, 1950);
    expect(subject.story().slice(-2)).toEqual(['sent', 'closed']);
    expect(await told.promise).toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('a server', () => {
  test('serves on while one client stands still in a message', async () => {
    const subject = server('echo', { ioTimeoutMs: 5000, messageBytes: 10 });
    const stuck = await bareClient(subject);
    stuck.write(Buffer.of(0, 0, 0, 10, 1));
    await subject.event('accepted');
    const good = await bareClient(subject);
    good.write(prefix32(Buffer.alloc(10)));
    const [echo] = await once(good, 'data');
    expect(echo).toEqual(prefix32(Buffer.alloc(10, 0xff)));
  });

  test('counts the time of a message from its first byte to its last', async () => {
    const subject = server('echo', { ioTimeoutMs: 300 });
    const peer = await bareClient(subject);
    const accepted = await subject.event('accepted');
    await new Promise((resolve) => setTimeout(resolve, 400));
    const from = performance.now();
    peer.write(Buffer.of(0));
    const failed = await subject.event('failed');
    expectWaited(performance.now() - from, 295);
    expect(failed).toMatchObject({ op: 'recv', code: 'timeout' });
    expectWaited(msBetween(accepted, failed), 700);
  });

  test('notices a client that says nothing for deadPeerMs', async () => {
    const subject = server('echo', { deadPeerMs: 300 });
    await bareClient(subject);
    const failed = await subject.event('failed');
    expect(failed).toMatchObject({ op: 'recv', code: 'dead-peer' });
    expectWaited(msBetween(await subject.event('accepted'), failed), 300);
  });

  test('answers after the client has ended its writing', async () => {
    const subject = server('upload');
    const peer = await bareClient(subject);
    peer.end('abc');
    const [digest] = await once(peer.setEncoding('utf8'), 'data');
    expect(digest).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  test('an upload of nothing is closed, an echo of nothing is an end', async () => {
    const upload = server('upload');
    (await bareClient(upload)).end();
    expect(await upload.event('failed')).toMatchObject({ op: 'recv', code: 'closed' });
    const echo = server('echo', { framing: 'until-end' });
    (await bareClient(echo)).end();
    await echo.event('closed');
    expect(echo.story()).toEqual(['accepted', 'eof', 'closed']);
  });

  test.each(['connect', 'idle'])('a message in %s is received, then a mismatch', async (workload) => {
    const subject = server(workload);
    (await bareClient(subject)).write(prefix32(Buffer.of(1)));
    await subject.event('closed');
    expect(subject.story()).toEqual(['accepted', 'received', 'failed recv mismatch', 'closed']);
  });

  test('a heartbeat is heard and never delivered, in every workload', async () => {
    const subject = server('echo');
    const peer = await bareClient(subject);
    peer.write(Buffer.alloc(8));
    peer.end(prefix32(Buffer.of(1)));
    await subject.event('closed');
    expect(subject.story()).toEqual(['accepted', 'heard', 'heard', ...ANSWER, 'eof', 'closed']);
  });

  test('says that its address is in use and exits at once', async () => {
    const port = await bareServer(() => {});
    const subject = start({ role: 'server', workload: 'echo', port });
    expect(await subject.exited()).toBe(0);
    expect(subject.events).toMatchObject([{ event: 'failed', op: 'listen', code: 'address-in-use' }]);
  });

  test('tells of no connection whose port it cannot know, and of every other with its port', async () => {
    const subject = server('echo');
    await subject.port();
    subject.signal('SIGSTOP');
    for (let nth = 0; nth < 3; nth += 1) {
      const lost = await bareClient(subject);
      lost.write(prefix32(Buffer.from('never heard')));
      lost.resetAndDestroy();
      await once(lost, 'close');
    }
    const peer = await bareClient(subject);
    peer.end(prefix32(Buffer.from('heard')));
    subject.signal('SIGCONT');
    await subject.event('closed');
    expect(await subject.end()).toBe(0);
    expect(subject.events.filter(({ event }) => event === 'accepted')).toMatchObject([
      { conn: 1, peerPort: peer.localPort },
    ]);
    expect(subject.story()).toEqual(['accepted', ...ANSWER, 'eof', 'closed']);
  });

  test('told to end, it closes what is between messages and lets a message under way finish', async () => {
    const subject = server('echo', { trace: true });
    const idle = await bareClient(subject);
    const busy = await bareClient(subject);
    busy.write(prefix32(Buffer.alloc(10)).subarray(0, 7));
    await subject.event('read', ({ conn }) => conn === 2);
    const exited = subject.end();
    idle.resume();
    await once(idle, 'end');
    busy.write(prefix32(Buffer.alloc(10)).subarray(7));
    busy.resume();
    await once(busy, 'end');
    expect(await exited).toBe(0);
    expect(subject.story(1)).toEqual(['accepted', 'closed']);
    expect(subject.story(2)).toEqual(['accepted', 'read', 'read', 'received', 'sending', 'wrote', 'sent', 'closed']);
  });

  test('told to end, it resets after two seconds what does not finish', async () => {
    const subject = server('echo', { ioTimeoutMs: 0, trace: true });
    const peer = await bareClient(subject);
    const told = once(peer, 'error').catch((error: unknown) => [error]);
    peer.resume().write(prefix32(Buffer.alloc(10)).subarray(0, 7));
    await subject.event('read');
    const from = performance.now();
    expect(await subject.end()).toBe(0);
    expectWaited(performance.now() - from, 1950);
    expect(subject.story()).toEqual(['accepted', 'read', 'closed']);
    expect((await told)[0]).toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('any subject', () => {
  test.each<[string, Start['env']]>([
    ['another version', { HALFOPEN_CONTRACT: '2' }],
    ['no version', { HALFOPEN_CONTRACT: undefined }],
    ['an unknown role', { HALFOPEN_ROLE: 'judge' }],
    ['an unknown workload', { HALFOPEN_WORKLOAD: 'dance' }],
    ['an unknown framing', { HALFOPEN_PARAMS: '{"framing":"morse"}' }],
    ['a parameter of a wrong type', { HALFOPEN_PARAMS: '{"messages":"10"}' }],
    ['a negative time', { HALFOPEN_PARAMS: '{"paceMs":-1}' }],
    ['broken JSON', { HALFOPEN_PARAMS: '{' }],
    ['an array', { HALFOPEN_PARAMS: '[]' }],
    ['a port that is none', { HALFOPEN_PORT: '70000' }],
    ['a name for a port', { HALFOPEN_PORT: 'http' }],
    ['a time that the platform cannot set', { HALFOPEN_PARAMS: '{"userTimeoutMs":5}' }],
    ['bytes between LFs', { HALFOPEN_PARAMS: '{"framing":"delimited"}' }],
    ['idle without heartbeats to tell', { HALFOPEN_WORKLOAD: 'idle', HALFOPEN_PARAMS: '{"framing":"fixed"}' }],
  ])('prints exactly one line and exits 127 for %s', async (_name, env) => {
    const subject = start({ role: 'server', workload: 'echo', port: 0, env: env ?? {} });
    expect(await subject.exited()).toBe(127);
    expect(subject.lines).toEqual(['{"event":"unsupported"}']);
  });

  test('does nothing without a role until its input ends', async () => {
    const subject = start({ role: 'server', workload: 'echo', port: 0, env: { HALFOPEN_ROLE: undefined } });
    expect(await subject.end()).toBe(0);
    expect(subject.lines).toEqual([]);
  });

  test('ignores an unknown parameter', async () => {
    const subject = start({ role: 'server', workload: 'echo', port: 0, params: { colour: 'red' } });
    expect(await subject.port()).toBeGreaterThan(0);
    expect(await subject.end()).toBe(0);
  });
});
