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

/** Asks a server how many bytes it has received in all. What a proxy has taken and not handed on must not count. */
const HOW_MANY = '?';

/** Reads as fast as a socket can be read, and writes back if it is to echo. */
const serve = (echo: boolean): void => {
  let received = 0;
  const server = createServer({ pauseOnConnect: true, noDelay: true, allowHalfOpen: true }, (socket) => {
    const leg = acceptedLeg(socket);
    const reader: Reader = {
      bytes: (bytes, slab) => {
        const release = (): void => slab?.release();
        if (!echo && bytes[0] === HOW_MANY.charCodeAt(0)) leg.write(Buffer.from(String(received)), ignore);
        else received += bytes.byteLength;
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

/** Bytes a second that the sink behind `port` gets from `count` connections over `ms`, after a quarter of that to warm up. */
const bulk = async (host: string, port: number, [sink = 0, count = 1, ms = 0]: readonly number[]): Promise<object> => {
  const asking = await opened(host, sink);
  const received = async (): Promise<number> => {
    asking.write(HOW_MANY);
    return Number(((await once(asking, 'data')) as [Buffer])[0].toString());
  };
  const sockets = await openedMany(host, port, count);
  const stop = new AbortController();
  for (const socket of sockets) {
    const pump = (): void => {
      while (!stop.signal.aborted) {
        if (!socket.write(CHUNK)) return;
      }
    };
    socket.on('drain', pump);
    pump();
  }
  await new Promise((resolve) => setTimeout(resolve, ms / 4));
  const before = { bytes: await received(), at: performance.now() };
  await new Promise((resolve) => setTimeout(resolve, ms));
  const bytesPerSecond = (((await received()) - before.bytes) / (performance.now() - before.at)) * 1000;
  stop.abort();
  for (const socket of [asking, ...sockets]) socket.destroy();
  return { bytesPerSecond };
};

const quantiles = (samples: number[]): object => {
  samples.sort((a, b) => a - b);
  const at = (share: number): number =>
    samples[Math.min(samples.length - 1, Math.floor(share * samples.length))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99), count: samples.length };
};

const MESSAGE = Buffer.alloc(64, 'p');

/** Round trips of 64 bytes, in ms, back to back on one connection. */
const rtt = async (host: string, port: number, ms: number): Promise<object> => {
  const socket = await opened(host, port);
  const samples: number[] = [];
  const untilMs = performance.now() + ms;
  await new Promise<void>((resolve) => {
    let beganMs = performance.now();
    let got = 0;
    socket.on('data', (part: Buffer) => {
      got += part.length;
      if (got < MESSAGE.length) return;
      const now = performance.now();
      samples.push(now - beganMs);
      got = 0;
      beganMs = now;
      if (now >= untilMs) resolve();
      else socket.write(MESSAGE);
    });
    socket.write(MESSAGE);
  });
  socket.destroy();
  return quantiles(samples.slice(Math.floor(samples.length / 10)));
};

/** Answers that have not come after this are not waited for. */
const LAST_ANSWER_MS = 2000;

/**
 * Round trips of 64 bytes, in ms, at `perSecond` in all, on `count` connections in turn, whatever has come back of those
 * before. Each message is sent when it is due: to the millisecond, so that those of one millisecond go in a burst, or,
 * where `again` is `setImmediate`, as exactly as the loop turns.
 */
const rate = async (
  host: string,
  port: number,
  [count = 1, ms = 0, perSecond = 1]: readonly number[],
  again: (tick: () => void) => unknown,
): Promise<object> => {
  const samples: number[] = [];
  const total = Math.floor((ms / 1000) * perSecond);
  const done = Promise.withResolvers<void>();
  const lanes = (await openedMany(host, port, count)).map((socket) => {
    const lane = { socket, sentMs: [] as number[] };
    let got = 0;
    socket.on('data', (part: Buffer) => {
      got += part.length;
      for (; got >= MESSAGE.length; got -= MESSAGE.length)
        samples.push(performance.now() - (lane.sentMs.shift() ?? NaN));
      if (samples.length === total) done.resolve();
    });
    return lane;
  });
  const beganMs = performance.now();
  let sent = 0;
  const tick = (): void => {
    const due = Math.min(total, ((performance.now() - beganMs) / 1000) * perSecond);
    for (; sent < due; sent += 1) {
      const lane = lanes[sent % count];
      lane?.sentMs.push(performance.now());
      lane?.socket.write(MESSAGE);
    }
    if (sent < total) again(tick);
    else setTimeout(() => done.resolve(), LAST_ANSWER_MS).unref();
  };
  tick();
  await done.promise;
  for (const { socket } of lanes) socket.destroy();
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

/** Opens connections and keeps them, idle, until standard input ends; those that cannot be opened are left out. */
const idle = async (host: string, port: number, count: number): Promise<object> => {
  let open = 0;
  for (let asked = 0; asked < count; asked += 50) {
    const some = Array.from({ length: Math.min(50, count - asked) }, () => opened(host, port));
    open += (await Promise.allSettled(some)).filter(({ status }) => status === 'fulfilled').length;
  }
  process.stdin.resume().on('end', () => process.exit(0));
  return { open };
};

const [role, kind = '', host = '', portText = '', ...rest] = process.argv.slice(2);
const port = Number(portText);
const numbers = rest.map(Number);
const [first = 1] = numbers;

const KINDS: Readonly<Record<string, () => Promise<object>>> = {
  bulk: () => bulk(host, port, numbers),
  rtt: () => rtt(host, port, first),
  rate: () => rate(host, port, numbers, (tick) => setTimeout(tick, 1)),
  even: () => rate(host, port, numbers, setImmediate),
  setup: () => setup(host, port, first),
  transfer: () => transfer(host, port, first),
  idle: () => idle(host, port, first),
};

if (role === 'server') serve(kind === 'echo');
else process.stdout.write(`${JSON.stringify(await KINDS[kind]?.())}\n`);
