/**
 * What the socket library costs in time when there is much of it: many sockets in one `select`; and how late a dead peer
 * is noticed.
 */
import { once } from 'node:events';
import { connect } from '../services/socket/connect.ts';
import { Heartbeat } from '../services/socket/heartbeat.ts';
import { listen } from '../services/socket/listen.ts';
import { select } from '../services/socket/select.ts';
import type { Socket } from '../services/socket/socket.ts';
import { quantile } from './quantile.ts';
import type { Row } from './row.ts';

/** A row that keeps an upper bound. */
export function atMost(measure: string, value: number, [bound, unit]: readonly [number, string]): Row {
  return { measure, value, unit, asked: `at most ${bound}`, kept: value <= bound };
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
