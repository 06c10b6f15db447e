import { expect, test } from 'vitest';

import { nowMs } from '../clock.ts';
import { Rig } from '../rig.ts';
import { kernelEndpoint, TcpTables } from './tcp-table.ts';

test('an address is written as the kernel prints it', () => {
  expect(kernelEndpoint('127.0.0.1', 8080)).toBe('0100007F:1F90');
  expect(kernelEndpoint('::1', 80)).toBe('00000000000000000000000001000000:0050');
  expect(kernelEndpoint('::ffff:10.1.2.3', 1)).toBe('0000000000000000FFFF00000302010A:0001');
  expect(kernelEndpoint('fe80::1:2%eth0', 443)).toBe('000080FE000000000000000002000100:01BB');
});

test('what a receiver does not take is counted as not acknowledged', async () => {
  await using rig = new Rig();
  const upstream = await rig.upstream();
  const client = await rig.client({ listen: upstream.address });
  const server = await upstream.next();
  const tables = new TcpTables();
  await new Promise((resolve) => client.socket.write('taken', resolve));
  while ((await tables.unacknowledged(client.socket, nowMs())) !== 0);
  server.socket.pause();
  client.socket.write(Buffer.alloc(20_000_000));
  let left = 0;
  while (left === 0) left = (await tables.unacknowledged(client.socket, nowMs())) ?? -1;
  expect(left).toBeGreaterThan(0);
  expect(
    await tables.unacknowledged(
      { localAddress: '127.0.0.1', localPort: 1, remoteAddress: '127.0.0.1', remotePort: 1 },
      nowMs(),
    ),
  ).toBeUndefined();
  await tables.close();
});
