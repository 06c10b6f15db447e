import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

import { expect, onTestFinished, test } from 'vitest';

import { ProxyControl } from '../proxy-control.ts';
import { untilUp } from './until-up.ts';

const NEVER = new AbortController().signal;
const LIMIT_MS = 15_000;

/** A port that nobody listens on, and a server that can take it. */
async function freePort() {
  const server = createServer((socket) => socket.destroy());
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  server.close();
  await once(server, 'close');
  return { server, port };
}

async function reach(host: string, port: number): Promise<Socket> {
  const socket = connect({ host, port });
  await once(socket, 'connect');
  return socket.destroy();
}

test('who is refused tries again, until somebody listens', async () => {
  const { server, port } = await freePort();
  let tries = 0;
  const reached = await untilUp(
    () => {
      tries += 1;
      if (tries === 3) server.listen(port, '127.0.0.1');
      return reach('127.0.0.1', port);
    },
    LIMIT_MS,
    NEVER,
  );
  expect(reached.destroyed).toBe(true);
  expect(tries).toBeGreaterThanOrEqual(3);
});

test('a name that is not known may be in a moment', async () => {
  const { server, port } = await freePort();
  server.listen(port, '127.0.0.1');
  // A label of more than 63 characters is nobody's, without a question to any server.
  const hosts = [`${'a'.repeat(64)}.invalid`, '127.0.0.1'];
  await untilUp(() => reach(hosts.shift() ?? '', port), LIMIT_MS, NEVER);
  expect(hosts).toEqual([]);
});

test('who goes on being refused is told by whom once the time is up', async () => {
  const { port } = await freePort();
  const control = new ProxyControl(`http://127.0.0.1:${port}`);
  let tries = 0;
  const asked = untilUp(
    () => {
      tries += 1;
      return control.version();
    },
    500,
    NEVER,
  );
  await expect(asked).rejects.toThrow(`GET http://127.0.0.1:${port}/version`);
  expect(tries).toBeGreaterThan(1);
});

test('what no waiting would mend is told at once', async () => {
  let tries = 0;
  const asked = untilUp(() => Promise.reject(new Error(`try ${(tries += 1)}`)), LIMIT_MS, NEVER);
  await expect(asked).rejects.toThrow('try 1');
});

test('whoever gives up is not kept', async () => {
  const { port } = await freePort();
  const stop = new AbortController();
  const asked = untilUp(
    () => {
      stop.abort(new Error('given up'));
      return reach('127.0.0.1', port);
    },
    LIMIT_MS,
    stop.signal,
  );
  await expect(asked).rejects.toThrow('given up');
});
