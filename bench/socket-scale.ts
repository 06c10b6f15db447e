/**
 * What the socket library costs when there is much of it: many sockets in one `select`, much offered to a peer that does
 * not read, and how late a dead peer is noticed.
 */
import { once } from 'node:events';
import { connect } from '../services/socket/connect.ts';
import { Deadline } from '../services/socket/deadline.ts';
import { Heartbeat } from '../services/socket/heartbeat.ts';
import { listen } from '../services/socket/listen.ts';
import { select } from '../services/socket/select.ts';
import type { Socket } from '../services/socket/socket.ts';
import { quantile } from './quantile.ts';
import type { Row } from './row.ts';

const MIB = 2 ** 20;

/** A row that keeps an upper bound. */
export function atMost(measure: string, value: number, [bound, unit]: readonly [number, string]): Row {
  return { measure, value, unit, asked: `at most ${bound}`, kept: value <= bound };
}

/** What the process holds beside the JavaScript heap, after a collection where that can be had. */
function userSpaceBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

/** User space of a connection into which 256 MiB are offered and whose peer reads nothing. */
export async function unreadPeerRow(): Promise<Row> {
  await using listener = await listen({ host: '127.0.0.1', port: 0 });
  const socket = await connect({ host: '127.0.0.1', port: listener.port });
  const deaf = await listener.accept();
  const offered = new Uint8Array(256 * MIB);
  offered.fill(1);
  const before = userSpaceBytes();
  const outcome = await socket.sendAll(offered, { deadline: Deadline.after(500) }).catch((error: unknown) => error);
  if (outcome === undefined) throw new Error('the peer that does not read took everything');
  const grown = (userSpaceBytes() - before) / 1024;
  await socket.reset();
  await deaf.reset();
  return atMost('memory of a connection whose peer does not read, 256 MiB offered', grown, [256, 'KiB']);
}

/** Milliseconds of one `select` over `count` connected sockets, of which one is readable: the median. */
async function selectMs(count: number): Promise<number> {
  await using listener = await listen({ host: '127.0.0.1', port: 0 });
  const held: Socket[] = [];
  const watched: Socket[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    held.push(await connect({ host: '127.0.0.1', port: listener.port }));
    watched.push(await listener.accept());
  }
  await held[0]?.sendAll(Uint8Array.of(1));
  const took: number[] = [];
  for (let round = 0; round < 50; round += 1) {
    const from = performance.now();
    const [readable] = await select(watched, []);
    if (readable.length !== 1) throw new Error('select found another number of sockets');
    took.push(performance.now() - from);
  }
  await Promise.all([...held, ...watched].map(async (socket) => await socket.reset()));
  return quantile(took, 0.5);
}

/** The cost of a socket in a large `select` beside that in a small one. */
export async function selectRow(): Promise<Row> {
  const ratio = (await selectMs(1000)) / 1000 / ((await selectMs(100)) / 100);
  return atMost('select, time for each of 1,000 sockets to that for each of 100', ratio, [1.5, 'ratio']);
}

/** How long after the limit a dead peer is noticed, the worst of ten. */
export async function heartbeatRow(): Promise<Row> {
  const intervalMs = 50;
  const deadPeerMs = 200;
  const late: number[] = [];
  for (let round = 0; round < 10; round += 1) {
    const from = performance.now();
    using heartbeat = new Heartbeat({ send: async () => await Promise.resolve(), intervalMs, deadPeerMs });
    await once(heartbeat.signal, 'abort');
    late.push(performance.now() - from - deadPeerMs);
  }
  return atMost('a dead peer is noticed after the limit, worst of 10', Math.max(...late), [intervalMs, 'ms']);
}
