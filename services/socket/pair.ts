/**
 * For tests: a socket of ours with a bare Node stream at its other end, in both roles.
 */
import { once } from 'node:events';
import * as net from 'node:net';
import { onTestFinished } from 'vitest';
import { connect } from './connect.ts';
import { listen } from './listen.ts';
import type { Socket } from './socket.ts';

/** A bare Node stream and a socket of ours at its other end, in both roles: the same statements hold for each. */
export const KINDS = ['connected', 'accepted'] as const;

/** Connects the two; both are gone when the test is over. */
export async function pair(kind: (typeof KINDS)[number]): Promise<{ socket: Socket; peer: net.Socket }> {
  if (kind === 'connected') {
    const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = portOf(server);
    const [[peer], socket] = await Promise.all([once(server, 'connection'), connect({ host: '127.0.0.1', port })]);
    server.close();
    return hold({ socket, peer });
  }
  const listener = await listen({ host: '127.0.0.1', port: 0 });
  const peer = net.connect({ port: listener.port, host: '127.0.0.1', allowHalfOpen: true });
  const socket = await listener.accept();
  await listener.close();
  return hold({ socket, peer });
}

function portOf(server: net.Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no address');
  return address.port;
}

function hold<T extends { socket: Socket; peer: net.Socket }>(both: T): T {
  both.peer.on('error', () => {});
  onTestFinished(async () => {
    both.peer.destroy();
    await both.socket.reset();
  });
  return both;
}
