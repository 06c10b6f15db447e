/**
 * What a connection costs in memory: one that is idle, beside bare `node:net`, and one whose peer does not read. Each figure
 * is that of a process of its own with many of them, divided by their number.
 */
import { figuresOf } from './figures.ts';
import { quantile } from './quantile.ts';
import type { Row } from './row.ts';
import { atMost } from './socket-scale.ts';

const IDLE = 5000;
const IDLE_ROUNDS = 3;

/** What a connection costs, in KiB, whose peer reads nothing, above an idle one. */
export interface Unread {
  /** By the JavaScript engine's account: its heap and all buffers. */
  readonly accountedKib: number;
  /** By the growth of the process. */
  readonly processKib: number;
  /** How many of the connections have more to send than the kernel takes. */
  readonly stuck: number;
}

/** Offers `mib` MiB with `how` to the peers of `connections` connections, none of which reads. */
export async function unreadPeers(how: 'send' | 'sendAll', mib: number, connections: number): Promise<Unread> {
  const [accounted = NaN, grown = NaN, stuck = NaN] = await figuresOf('socket-unread.ts', how, mib, connections);
  return { accountedKib: accounted / 1024, processKib: grown / 1024, stuck };
}

/** However much is offered. Of 1 MiB the kernel takes all, of more it does not. */
export async function unreadPeerRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const how of ['sendAll', 'send'] as const) {
    for (const mib of [1, 16, 64]) {
      const { accountedKib, processKib, stuck } = await unreadPeers(how, mib, 50);
      if (mib > 1 && stuck !== 50) throw new Error(`${50 - stuck} peers that do not read took everything`);
      const what = `a connection whose peer does not read, ${mib} MiB offered with ${how}`;
      rows.push(
        atMost(`memory of ${what}, accounted`, accountedKib, [256, 'KiB']),
        atMost(`memory of ${what}, growth`, processKib, [256, 'KiB']),
      );
    }
  }
  return rows;
}

/** What one of many idle connections costs in a server process. */
export async function idleRows(): Promise<Row[]> {
  const found = { ours: [] as number[], bare: [] as number[] };
  for (let round = 0; round < IDLE_ROUNDS; round += 1) {
    for (const library of ['bare', 'ours'] as const) {
      const [bytes = NaN] = await figuresOf('socket-idle.ts', library, IDLE);
      found[library].push(bytes / 1024);
    }
  }
  const row = (library: 'ours' | 'bare'): Row => ({
    measure: `memory of an idle connection of ${IDLE}, ${library}`,
    value: quantile(found[library], 0.5),
    unit: 'KiB',
  });
  return [row('ours'), row('bare')];
}
