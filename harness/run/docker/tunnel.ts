/**
 * A way to a port inside a cell through the engine itself, for an engine whose published ports are not this machine's.
 *
 * Owns the local listener. Each connection is an exec in a container of ours that has Node and carries bytes both ways.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';

import type { Container } from './engine.ts';

/** Carries its standard input to an address, and what comes back to its standard output. */
const BRIDGE = `
const [host, port] = process.argv.slice(1);
const socket = require('node:net').connect({ host, port: Number(port), noDelay: true });
socket.on('error', () => process.exit(1));
process.stdin.pipe(socket).pipe(process.stdout);
socket.on('close', () => process.exit(0));
`;

export interface Tunnel extends AsyncDisposable {
  readonly url: string;
}

/**
 * Opens a tunnel.
 *
 * @param container has Node, and reaches `host`
 */
export async function openTunnel(container: Container, host: string, port: number): Promise<Tunnel> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    void carry(container, ['node', '-e', BRIDGE, host, String(port)], socket).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the tunnel has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function carry(container: Container, command: string[], socket: Socket): Promise<void> {
  socket.pause();
  const attach = { AttachStdin: true, AttachStdout: true, AttachStderr: true };
  const exec = await container.exec({ ...attach, Cmd: command });
  const stream = await exec.start({ hijack: true, stdin: true });
  container.modem.demuxStream(stream, socket, new PassThrough().resume());
  stream.on('error', () => socket.destroy());
  stream.once('close', () => socket.end());
  socket.once('close', () => stream.destroy());
  socket.pipe(stream, { end: false });
}
