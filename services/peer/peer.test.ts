import { once } from 'node:events';
import * as net from 'node:net';

import { expect, onTestFinished, test } from 'vitest';

import { SubjectProcess, msBetween, type Start } from '../node/subject-process.ts';
import { expectWaited } from '../socket/in-time.ts';
import type { Script, Step } from './script.ts';

/** A peer that plays these scripts, or these steps on every connection. */
function peer(
  role: Start['role'],
  play: readonly Step[] | readonly Script[],
  more: Partial<Start> = {},
): SubjectProcess {
  const scripts = play.map((each) => ('steps' in each ? each : null)).filter((each) => each !== null);
  const script = scripts.length > 0 ? scripts : [{ connections: null, steps: play }];
  const subject = new SubjectProcess({
    role,
    workload: 'echo',
    port: 0,
    program: '../peer/main.ts',
    ...more,
    env: { HALFOPEN_SCRIPT: JSON.stringify(script), ...more.env },
  });
  onTestFinished(async () => await subject[Symbol.asyncDispose]());
  return subject;
}

/** All that a connection to the port brings, and how it ends. */
async function visit(port: number, bytes = ''): Promise<{ got: string; end: 'end' | 'reset' }> {
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  if (bytes !== '') socket.write(Buffer.from(bytes, 'hex'));
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const end = await new Promise<'end' | 'reset'>((resolve) => {
    socket.on('end', () => resolve('end')).on('error', () => resolve('reset'));
  });
  socket.destroy();
  return { got: Buffer.concat(chunks).toString('hex'), end };
}

const bytes = (hex: string, times = 1): Step => ({
  do: 'send',
  base64: Buffer.from(hex, 'hex').toString('base64'),
  times,
  tells: null,
});

test('plays bytes and an end, exactly', async () => {
  const server = peer('server', [bytes('00ff'), bytes('ab', 3), { do: 'end' }]);
  expect(await visit(await server.port())).toEqual({ got: '00ffababab', end: 'end' });
  // The end of its input would keep it from waiting for the other end.
  await server.event('closed');
  expect(await server.end()).toBe(0);
  expect(server.story()).toEqual(['accepted', 'wrote', 'wrote', 'shutdown', 'eof', 'closed']);
});

test('answers what it took, complemented, or a part of that answer', async () => {
  const take: Step = { do: 'take', bytes: 6, header: 4, trailer: 0 };
  const whole: Step = { do: 'reply', of: 0, from: 0, to: null };
  const part: Step = { do: 'reply', of: 0, from: 3, to: 5 };
  const server = peer('server', [take, part, whole, { do: 'end' }]);
  const { got } = await visit(await server.port(), '0000000200ff');
  expect(got).toBe('02ff00000002ff00');
  // Only the whole one is a message.
  expect(server.story().filter((event) => event === 'sending')).toHaveLength(1);
});

test('tells of the messages that it sends, each with its own size and digest', async () => {
  const messages = Buffer.from('00000001aa00000001bb', 'hex').toString('base64');
  const tells = { seq: 4, count: 2, header: 4, trailer: 0 };
  const server = peer('server', [{ do: 'send', base64: messages, times: 1, tells }, { do: 'end' }]);
  await visit(await server.port());
  await server.end();
  const told = server.events.filter(({ event }) => event === 'sending');
  expect(told.map(({ seq, bytes: size }) => [seq, size])).toEqual([
    [4, 1],
    [5, 1],
  ]);
  expect(told[0]?.['sha256']).not.toBe(told[1]?.['sha256']);
});

test('resets, and closes with a reset over what it never took', async () => {
  const resetting = peer('server', [{ do: 'reset' }]);
  expect((await visit(await resetting.port())).end).toBe('reset');
  const closing = peer('server', [{ do: 'pause', ms: 50 }, { do: 'close' }]);
  expect((await visit(await closing.port(), '01')).end).toBe('reset');
});

test('each connection plays its own script, and those without one the script for all others', async () => {
  const server = peer('server', [
    { connections: [2], steps: [bytes('02'), { do: 'end' }] },
    { connections: null, steps: [bytes('00'), { do: 'end' }] },
  ]);
  const port = await server.port();
  const got = [await visit(port), await visit(port), await visit(port)].map((each) => each.got);
  expect(got).toEqual(['00', '02', '00']);
});

test('a pause is as long as it says, and the end of input ends it', async () => {
  const server = peer('server', [{ do: 'pause', ms: 200 }, bytes('01'), { do: 'pause', ms: 60_000 }]);
  const socket = net.connect({ port: await server.port(), host: '127.0.0.1' });
  onTestFinished(() => {
    socket.destroy();
  });
  const accepted = await server.event('accepted');
  const wrote = await server.event('wrote');
  expectWaited(msBetween(accepted, wrote), 199);
  expect(await server.end()).toBe(0);
  expect(server.story().at(-1)).toBe('closed');
});

test('plays a client too, which is done once each of its connections is closed', async () => {
  const listener = net.createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  onTestFinished(() => {
    listener.close();
  });
  const { port } = listener.address() as net.AddressInfo;
  const client = peer('client', [bytes('0102'), { do: 'take', bytes: 2, header: 0, trailer: 0 }, { do: 'end' }], {
    port,
    params: { connections: 2 },
  });
  await client.event('done');
  expect(client.story(1)).toEqual(['connecting', 'connected', 'wrote', 'shutdown', 'eof', 'closed']);
  expect(client.story(2)).toEqual(client.story(1));
  expect(await client.end()).toBe(0);
});

test.for([undefined, '', '{}', '[]', '[{"connections":null,"steps":[{"do":"dance"}]}]'])(
  'does not play %s',
  async (script) => {
    const server = peer('server', [], { env: { HALFOPEN_SCRIPT: script } });
    expect(await server.exited()).toBe(127);
    expect(server.lines).toEqual(['{"event":"unsupported"}']);
  },
);
