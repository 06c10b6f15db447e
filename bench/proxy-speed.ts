/**
 * What the wire proxy costs, beside real Toxiproxy and the direct path: throughput, round trips, connections, memory.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

import {
  alternating,
  type Figures,
  idle,
  LATENCY,
  load,
  row,
  server,
  type Target,
  toxiproxyTarget,
  wireTarget,
} from './proxy-targets.ts';
import type { Row } from './row.ts';

/** Bytes a second, one way. */
export const throughput = async (targets: readonly Target[]): Promise<Row[]> => {
  const sink = await server('sink');
  const rows: Row[] = [];
  for (const [connections, least] of [
    [1, 1.3],
    [64, 1.0],
  ] as const) {
    for (const toxic of [undefined, LATENCY(20)]) {
      const figures = await alternating(
        toxic === undefined ? targets : targets.filter(({ name }) => name !== 'direct'),
        async (target) => {
          const { bytesPerSecond } = await load<{ bytesPerSecond: number }>(
            'bulk',
            await target.through(sink, toxic),
            sink,
            connections,
            1500,
          );
          return bytesPerSecond / 1e6;
        },
      );
      const name = `one-way throughput, ${connections} connections${toxic === undefined ? '' : ', latency 20 ms'}`;
      rows.push(
        row(name, 'MB/s', figures, `≥ ${least} × toxiproxy`, ({ wire, toxiproxy = 0 }) => wire >= least * toxiproxy),
      );
    }
  }
  return rows;
};

interface Quantiles {
  readonly p50: number;
}

/** Round trips, back to back on one connection and at a fixed rate over many. */
export const roundTrips = async (targets: readonly Target[]): Promise<Row[]> => {
  const echo = await server('echo');
  const medianUs = (kind: string, ...numbers: readonly number[]): Promise<Figures> =>
    alternating(targets, async (target) => {
      const { p50 } = await load<Quantiles>(kind, await target.through(echo), ...numbers);
      return p50 * 1000;
    });
  const one = await medianUs('rtt', 1500);
  const many = await medianUs('even', 64, 2000, 6400);
  const bursts = await medianUs('rate', 64, 2000, 6400);
  const added = (figures: Figures, share: number): boolean =>
    figures.wire - (figures.direct ?? 0) <= share * ((figures.toxiproxy ?? Infinity) - (figures.direct ?? 0));
  return [
    row('round trip of 64 bytes, 1 connection, median', 'µs', one, 'added ≤ 0.9 × toxiproxy', (figures) =>
      added(figures, 0.9),
    ),
    row('round trip at 6400/s over 64 connections, median', 'µs', many, 'added ≤ toxiproxy', (figures) =>
      added(figures, 1),
    ),
    row('… sent in bursts of 6 or 7, one a millisecond, median', 'µs', bursts, 'added ≤ toxiproxy', (figures) =>
      added(figures, 1),
    ),
  ];
};

const residentBytes = (pid: number | undefined): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

/** Connections one after the other. */
export const connections = async (targets: readonly Target[]): Promise<Row[]> => {
  const echo = await server('echo');
  const rate = await alternating(
    targets,
    async (target) => (await load<{ perSecond: number }>('setup', await target.through(echo), 1500)).perSecond,
  );
  return [
    row('connect, one byte echoed, close', '/s', rate, '≥ toxiproxy', ({ wire, toxiproxy = 0 }) => wire >= toxiproxy),
  ];
};

/** In processes of their own: what earlier traffic left free would hide what connections take. */
export const memory = async (): Promise<Row[]> => {
  const echo = await server('echo');
  const fresh = [await toxiproxyTarget(), await wireTarget()].filter((target) => target !== undefined);
  const perConnection: Partial<Record<Target['name'], number>> = {};
  for (const target of fresh) {
    const port = await target.through(echo);
    const before = residentBytes(target.pid);
    const count = 2000;
    const close = await idle(port, count);
    await pause(500);
    perConnection[target.name] = (residentBytes(target.pid) - before) / count / 1024;
    await close();
  }
  const figures = { ...perConnection, wire: perConnection.wire ?? NaN };
  return [
    row(
      'memory for each idle connection',
      'KiB',
      figures,
      '≤ toxiproxy',
      ({ wire, toxiproxy = Infinity }) => wire <= toxiproxy,
    ),
  ];
};
