import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { expect, test } from 'vitest';

import { proveRefused } from './refusal.ts';

test.runIf(process.platform === 'linux')('a port is refused once nobody listens there, and not before', async () => {
  const servers = Array.from({ length: 20 }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  expect(ports.map((port) => proveRefused('127.0.0.1', port))).toEqual(ports.map(() => null));
  for (const server of servers) server.close();
  await Promise.all(servers.map((server) => once(server, 'close')));
  for (const port of ports) {
    expect(proveRefused('127.0.0.1', port)).toMatchObject({
      grade: 'kernel',
      proof: expect.stringContaining(`:${port}`),
    });
  }
});
