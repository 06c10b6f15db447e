/**
 * The traffic of the proxy's measurements: a server and a client, each a process of its own, told what to do by arguments.
 *
 * `node bench/proxy-load.ts server sink|echo` prints its port; `node bench/proxy-load.ts client KIND HOST PORT …` prints
 * one JSON object. Every load ends by itself.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

import { acceptedLeg, type Reader } from '../harness/proxy/relay/leg.ts';

const CHUNK = Buffer.alloc(65_536, 'x');

const ignore = (): void => undefined;

/** Reads as fast as a socket can be read, and writes back if it is to echo. */
const serve = (echo: boolean): void => {
  const server = createServer({ pauseOnConnect: true, noDelay: true, allowHalfOpen: true }, (socket) => {
    const leg = acceptedLeg(socket);
    const reader: Reader = {
      bytes: (bytes, slab) => {
        const release = (): void => slab?.release();
        if (!echo || leg.write(bytes, release)) release();
        return true;
      },
      end: () => leg.finish(),
      broken: ignore,
      closed: ignore,
    };
    leg.start(reader);
  });
  server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
    process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
  });
  process.stdin.resume().on('end', () => process.exit(0));
};

const opened = async (host: string, port: number): Promise<Socket> => {
  const socket = connect({ host, port, noDelay: true });
  socket.on('error', ignore);
  await once(socket, 'connect');
  return socket;
};

const openedMany = (host: string, port: number, count: number): Promise<Socket[]> =>
  Promise.all(Array.from({ length: count }, () => opened(host, port)));

/** Bytes a second that a receiver gets from `count` connections over `ms`, after a quarter of that to warm up. */
const bulk = async (host: string, port: number, count: number, ms: number): Promise<object> => {
  const sockets = await openedMany(host, port, count);
  let sent = 0;
  const stop = new AbortController();
  for (const socket of sockets) {
    const pump = (): void => {
      while (!stop.signal.aborted) {
        const more = socket.write(CHUNK);
        sent += CHUNK.length;
        if (!more) return;
      }
    };
    socket.on('drain', pump);
    pump();
  }
  await new Promise((resolve) => setTimeout(resolve, ms / 4));
  const before = { sent, at: performance.now() };
  await new Promise((resolve) => setTimeout(resolve, ms));
  const bytesPerSecond = ((sent - before.sent) / (performance.now() - before.at)) * 1000;
  stop.abort();
  for (const socket of sockets) socket.destroy();
  return { bytesPerSecond };
};

const quantiles = (samples: number[]): object => {
  samples.sort((a, b) => a - b);
  const at = (share: number): number =>
    samples[Math.min(samples.length - 1, Math.floor(share * samples.length))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99), count: samples.length };
};

/** Round trips of 64 bytes, in ms: back to back, or one every `everyMs` on each of `count` connections. */
const rtt = async (host: string, port: number, [count, ms, everyMs]: readonly number[]): Promise<object> => {
  const sockets = await openedMany(host, port, count ?? 1);
  const samples: number[] = [];
  const untilMs = performance.now() + (ms ?? 0);
  const message = Buffer.alloc(64, 'p');
  await Promise.all(
    sockets.map(async (socket, index) => {
      await new Promise((resolve) => setTimeout(resolve, ((everyMs ?? 0) * index) / sockets.length));
      while (performance.now() < untilMs) {
        const beganMs = performance.now();
        socket.write(message);
        for (let got = 0; got < message.length;) got += ((await once(socket, 'data')) as [Buffer])[0].length;
        const tookMs = performance.now() - beganMs;
        samples.push(tookMs);
        if (everyMs !== undefined && everyMs > tookMs)
          await new Promise((resolve) => setTimeout(resolve, everyMs - tookMs));
      }
    }),
  );
  for (const socket of sockets) socket.destroy();
  return quantiles(samples.slice(Math.floor(samples.length / 10)));
};

/** Connections a second, one after the other, each echoing one byte. */
const setup = async (host: string, port: number, ms: number): Promise<object> => {
  let count = 0;
  const beganMs = performance.now();
  while (performance.now() - beganMs < ms) {
    const socket = await opened(host, port);
    socket.write('x');
    await once(socket, 'data');
    socket.destroy();
    count += 1;
  }
  return { perSecond: (count / (performance.now() - beganMs)) * 1000 };
};

/** How long one transfer takes, in ms, from the first byte received to the last. */
const transfer = async (host: string, port: number, bytes: number): Promise<object> => {
  const socket = await opened(host, port);
  let received = 0;
  const beganMs = performance.now();
  socket.write(Buffer.alloc(bytes));
  while (received < bytes) received += ((await once(socket, 'data')) as [Buffer])[0].length;
  const tookMs = performance.now() - beganMs;
  socket.destroy();
  return { tookMs };
};

/** Opens connections and keeps them, idle, until standard input ends. */
const idle = async (host: string, port: number, count: number): Promise<object> => {
  const sockets: Socket[] = [];
  while (sockets.length < count) sockets.push(...(await openedMany(host, port, Math.min(50, count - sockets.length))));
  process.stdin.resume().on('end', () => process.exit(0));
  return { open: sockets.length };
};

const [role, kind = '', host = '', portText = '', ...rest] = process.argv.slice(2);
const port = Number(portText);
const numbers = rest.map(Number);
const [first = 1, second = 1000] = numbers;

const KINDS: Readonly<Record<string, () => Promise<object>>> = {
  bulk: () => bulk(host, port, first, second),
  rtt: () => rtt(host, port, numbers),
  setup: () => setup(host, port, first),
  transfer: () => transfer(host, port, first),
  idle: () => idle(host, port, first),
};

if (role === 'server') serve(kind === 'echo');
else process.stdout.write(`${JSON.stringify(await KINDS[kind]?.())}\n`);
