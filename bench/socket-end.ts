/**
 * One end of a measured connection, on our sockets, on bare `node:net` with `onread`, or on CPython's `socket`.
 *
 * Run as a program it is the other end, in a process of its own:
 * `node bench/socket-end.ts <library> <act> <connect|listen> <port> <bytes>`. It prints the port that it listens on.
 */
import { once } from 'node:events';
import * as net from 'node:net';
import { connect } from '../services/socket/connect.ts';
import { listen } from '../services/socket/listen.ts';
import type { Socket } from '../services/socket/socket.ts';

export const CHUNK_BYTES = 65_536;
const HOST = '127.0.0.1';

/**
 * `into` is ours as well, receiving into one buffer as bare `onread` does; `fresh` is bare as well, with `data` events, which
 * hand out fresh memory as `recv` does.
 */
export type Library = 'ours' | 'into' | 'bare' | 'fresh';

export const isOurs = (library: Library): boolean => library === 'ours' || library === 'into';

/** What one end does: milliseconds from its first byte to its last, or per round trip. */
export interface End {
  /** Sends `bytes` bytes, 64 KiB a call, and ends. */
  readonly send: (bytes: number) => Promise<void>;
  /** Receives up to the end. Returns milliseconds from the first byte to the last. */
  readonly receive: () => Promise<number>;
  /** Sends back what comes until the end. */
  readonly echo: () => Promise<void>;
  /** Sends 64 bytes and waits for them, `times` times. Returns the milliseconds of each. */
  readonly roundTrips: (times: number) => Promise<number[]>;
  readonly close: () => void;
}

function ours(library: Library, socket: Socket): End {
  const memory = new Uint8Array(CHUNK_BYTES);
  const receiveSome =
    library === 'into'
      ? async () => await socket.recvInto(memory)
      : async () => (await socket.recv(CHUNK_BYTES)).length;
  return {
    send: async (bytes) => {
      const chunk = new Uint8Array(CHUNK_BYTES);
      for (let sent = 0; sent < bytes; sent += chunk.length) await socket.sendAll(chunk);
      await socket.shutdown();
    },
    receive: async () => {
      await receiveSome();
      const from = performance.now();
      while ((await receiveSome()) > 0);
      return performance.now() - from;
    },
    echo: async () => {
      for (let got = await socket.recv(CHUNK_BYTES); got.length > 0; got = await socket.recv(CHUNK_BYTES)) {
        await socket.sendAll(got);
      }
    },
    roundTrips: async (times) => {
      const message = new Uint8Array(64);
      const took: number[] = [];
      for (let nth = 0; nth < times; nth += 1) {
        const from = performance.now();
        await socket.sendAll(message);
        await socket.recvExactly(message.length);
        took.push(performance.now() - from);
      }
      return took;
    },
    close: () => void socket.close(),
  };
}

/** `onRead` is told of every read; the stream never pauses. */
function bare(socket: net.Socket, onRead: { call: (chunk: Uint8Array) => void }): End {
  const ended = new Promise((resolve) => {
    socket
      .once('end', resolve)
      .once('close', resolve)
      .on('error', () => {});
  });
  return {
    send: async (bytes) => {
      const chunk = new Uint8Array(CHUNK_BYTES);
      for (let sent = 0; sent < bytes; sent += chunk.length) {
        if (!socket.write(chunk)) await once(socket, 'drain');
      }
      socket.end();
      await once(socket, 'finish');
    },
    receive: async () => {
      let from = 0;
      onRead.call = () => {
        if (from === 0) from = performance.now();
      };
      await ended;
      return performance.now() - from;
    },
    echo: async () => {
      onRead.call = (chunk) => socket.write(chunk.slice());
      await ended;
    },
    roundTrips: async (times) => {
      const message = new Uint8Array(64);
      const took: number[] = [];
      let missing = 0;
      let from = 0;
      const all = Promise.withResolvers<void>();
      const next = (): void => {
        if (took.length === times) {
          all.resolve();
          return;
        }
        missing = message.length;
        from = performance.now();
        socket.write(message);
      };
      onRead.call = (chunk) => {
        missing -= chunk.length;
        if (missing > 0) return;
        took.push(performance.now() - from);
        next();
      };
      next();
      await all.promise;
      return took;
    },
    close: () => socket.destroy(),
  };
}

/** Connects, on whichever library. */
export async function connectEnd(library: Library, port: number): Promise<End> {
  if (isOurs(library)) return ours(library, await connect({ host: HOST, port }));
  const onRead = { call: (_chunk: Uint8Array): void => {} };
  if (library === 'fresh') {
    const socket = net.connect({ host: HOST, port, allowHalfOpen: true, noDelay: true });
    socket.on('data', (chunk: Uint8Array) => onRead.call(chunk));
    await once(socket, 'connect');
    return bare(socket, onRead);
  }
  const memory = new Uint8Array(CHUNK_BYTES);
  const callback = (count: number): boolean => {
    onRead.call(memory.subarray(0, count));
    return true;
  };
  const onread = { buffer: memory, callback };
  const socket = new net.Socket({ allowHalfOpen: true, noDelay: true, onread });
  socket.connect({ host: HOST, port });
  await once(socket, 'connect');
  return bare(socket, onRead);
}

/** Listens, tells the port, and accepts one connection. `createServer` knows no `onread`: bare ends read events here. */
export async function acceptEnd(library: Library, tell: (port: number) => void): Promise<End> {
  if (isOurs(library)) {
    await using listener = await listen({ host: HOST, port: 0 });
    tell(listener.port);
    return ours(library, await listener.accept());
  }
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }).listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  tell(typeof address === 'object' && address !== null ? address.port : 0);
  const socket = await new Promise<net.Socket>((resolve) => {
    server.once('connection', resolve);
  });
  server.close();
  const onRead = { call: (_chunk: Uint8Array): void => {} };
  socket.on('data', (chunk: Uint8Array) => onRead.call(chunk));
  return bare(socket, onRead);
}

if (import.meta.main) {
  const [library, act, role, port, bytes] = process.argv.slice(2);
  const which: Library = library === 'ours' || library === 'into' || library === 'fresh' ? library : 'bare';
  const end =
    role === 'connect'
      ? await connectEnd(which, Number(port))
      : await acceptEnd(which, (found) => process.stdout.write(`${found}\n`));
  if (act === 'send') await end.send(Number(bytes));
  // The other side ends a measurement with a reset.
  else await end.echo().catch(() => {});
  end.close();
}
