/**
 * How exact the wire proxy's delays and rates are, and how soon its API answers while connections are stalled.
 */
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { HOST, idle, LATENCY, load, row, server, type Target, wireTarget } from './proxy-targets.ts';
import { quantile } from './quantile.ts';
import type { Row } from './row.ts';

interface Quantiles {
  readonly p50: number;
  readonly p99: number;
}

/** Messages a second and connection: enough for a p99 in three seconds. */
const PER_SECOND = { 1: 200, 100: 25 } as const;

/** Delays and rates beside what was asked. */
export const accuracy = async (wire: Target): Promise<Row[]> => {
  const echo = await server('echo');
  const rows: Row[] = [];
  for (const connections of [1, 100] as const) {
    const perSecond = connections * PER_SECOND[connections];
    const base = await load<Quantiles>('rate', echo, connections, 2000, perSecond);
    const late = await load<Quantiles>('rate', await wire.through(echo, LATENCY(20)), connections, 3000, perSecond);
    for (const [part, most] of [
      ['p50', 1],
      ['p99', 5],
    ] as const) {
      const off = late[part] - base[part] - 20;
      rows.push(
        row(
          `latency 20 ms, ${connections} connections, ${part} beyond asked`,
          'ms',
          { wire: off },
          `within ${most} ms`,
          () => Math.abs(off) <= most,
        ),
      );
    }
  }
  const rate = 10_000;
  const bytes = rate * 1000 * 5;
  const port = await wire.through(echo, { name: 'slow', type: 'bandwidth', stream: 'upstream', attributes: { rate } });
  const { tookMs } = await load<{ tookMs: number }>('transfer', port, bytes);
  const off = (bytes / tookMs / rate - 1) * 100;
  rows.push(row('bandwidth 10 MB/s over 5 s, off by', '%', { wire: off }, 'within 2 %', () => Math.abs(off) <= 2));
  return rows;
};

/** A port on which no SYN is answered: another proxy's, whose queue is full. */
const blackHole = async (): Promise<number> => {
  const { control: other } = await wireTarget();
  if (other === undefined) throw new Error('the other proxy has no API');
  const { value } = await other.createProxy({ name: 'hole', listen: `${HOST}:0`, upstream: `${HOST}:9` });
  await other.updateProxy('hole', { hang: true });
  const probe = connect(value.port, HOST);
  const answered = await Promise.race([
    new Promise<true>((resolve) => {
      probe.once('connect', () => resolve(true));
    }),
    pause(500, false),
  ]);
  probe.destroy();
  if (answered) throw new Error('the black hole answered');
  return value.port;
};

/** The API while 100 connections are stalled, an upstream never answers, and toxics come and go. */
export const control = async (wire: Target): Promise<Row[]> => {
  const api = wire.control;
  if (api === undefined) return [];
  const sink = await server('sink');
  const stalled = await wire.through(sink, {
    name: 'stalled',
    type: 'bandwidth',
    stream: 'upstream',
    attributes: { rate: 0 },
  });
  void load('bulk', stalled, sink, 100, 4000).catch(() => undefined);
  const upstream = `${HOST}:${await blackHole()}`;
  const { value } = await api.createProxy({ name: 'hole', listen: `${HOST}:0`, upstream });
  void idle(value.port, 5).catch(() => undefined);
  const tookMs: number[] = [];
  for (let round = 0; round < 300; round += 1) {
    const name = `t${round}`;
    const calls = [
      api.addToxic('hole', { name, type: 'latency', stream: 'upstream', attributes: { latency: 1 } }),
      api.version(),
    ];
    for (const { askedAtMs, acknowledgedAtMs } of await Promise.all(calls)) tookMs.push(acknowledgedAtMs - askedAtMs);
    const removed = await api.removeToxic('hole', name);
    tookMs.push(removed.acknowledgedAtMs - removed.askedAtMs);
  }
  const p99 = quantile(tookMs, 0.99);
  return [
    row(
      'API answer beside 100 stalled connections and an upstream that never answers, p99',
      'ms',
      { wire: p99 },
      '≤ 50 ms',
      () => p99 <= 50,
    ),
  ];
};
