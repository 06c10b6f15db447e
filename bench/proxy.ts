/**
 * What the wire proxy costs and how exact it is, beside real Toxiproxy 2.12 and the direct path, in one alternating run.
 *
 * Toxiproxy is the program that `TOXIPROXY_SERVER` names, or `toxiproxy-server` on the path; without it its columns are
 * empty. The wire proxy's events are listened to all the time.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { ProxyControl, type ToxicRequest } from '../harness/run/proxy-control.ts';
import { quantile } from './quantile.ts';
import type { Row } from './row.ts';

const HOST = '127.0.0.1';
const LOAD = fileURLToPath(new URL('proxy-load.ts', import.meta.url));
const WIRE = fileURLToPath(new URL('../harness/proxy/main.ts', import.meta.url));
const ROUNDS = 3;

interface Target {
  readonly name: 'direct' | 'toxiproxy' | 'wire';
  /** A port that leads to that server, through the proxy unless direct. */
  through(serverPort: number, toxic?: ToxicRequest): Promise<number>;
  readonly pid: number | undefined;
  readonly control: ProxyControl | undefined;
}

const children = new Set<ChildProcess>();

const start = (command: string, args: readonly string[]): ChildProcess => {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, LOG_LEVEL: 'error' },
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
};

const firstLine = async ({ stdout }: ChildProcess): Promise<string> => {
  if (stdout === null) throw new Error('no output');
  const lines = createInterface({ input: stdout });
  const [line] = (await once(lines, 'line')) as [string];
  lines.resume();
  return line;
};

const server = async (kind: 'sink' | 'echo'): Promise<number> =>
  Number(await firstLine(start(process.execPath, [LOAD, 'server', kind])));

const load = async <Result>(kind: string, port: number, ...numbers: readonly number[]): Promise<Result> => {
  const child = start(process.execPath, [LOAD, 'client', kind, HOST, String(port), ...numbers.map(String)]);
  return JSON.parse(await firstLine(child)) as Result;
};

let made = 0;
const throughProxy = async (control: ProxyControl, serverPort: number, toxic?: ToxicRequest): Promise<number> => {
  made += 1;
  const name = `bench-${made}`;
  const { value } = await control.createProxy({ name, listen: `${HOST}:0`, upstream: `${HOST}:${serverPort}` });
  if (toxic !== undefined) await control.addToxic(name, toxic);
  return value.port;
};

const freePort = async (): Promise<number> => {
  const probe = createServer().listen({ host: HOST, port: 0 });
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
};

const wireTarget = async (): Promise<Target> => {
  const child = start(process.execPath, [WIRE, '--host', HOST, '--port', '0', '--exit-with-stdin']);
  const { address } = JSON.parse(await firstLine(child)) as { address: string };
  const control = new ProxyControl(`http://${address}`);
  void (async () => {
    for await (const event of control.events()) void event;
  })().catch(() => undefined);
  return { name: 'wire', pid: child.pid, control, through: (port, toxic) => throughProxy(control, port, toxic) };
};

const toxiproxyTarget = async (): Promise<Target | undefined> => {
  const port = await freePort();
  const child = start(process.env['TOXIPROXY_SERVER'] ?? 'toxiproxy-server', ['-host', HOST, '-port', String(port)]);
  const failed = await Promise.race([
    once(child, 'error'),
    new Promise((resolve) => setTimeout(resolve, 500, undefined)),
  ]);
  if (failed !== undefined) return undefined;
  const control = new ProxyControl(`http://${HOST}:${port}`);
  await control.version();
  return { name: 'toxiproxy', pid: child.pid, control, through: (to, toxic) => throughProxy(control, to, toxic) };
};

const direct: Target = { name: 'direct', pid: undefined, control: undefined, through: (port) => Promise.resolve(port) };

type Figures = Partial<Record<Target['name'], number>> & { readonly wire: number };

/** Measures each target in turn, `ROUNDS` times, and takes the medians. */
const alternating = async (
  targets: readonly Target[],
  measure: (target: Target) => Promise<number>,
): Promise<Figures> => {
  const samples = new Map<Target['name'], number[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const target of targets)
      samples.set(target.name, [...(samples.get(target.name) ?? []), await measure(target)]);
  }
  const figure = (name: Target['name']): number => quantile(samples.get(name) ?? [], 0.5);
  return {
    wire: figure('wire'),
    ...(samples.has('direct') && { direct: figure('direct') }),
    ...(samples.has('toxiproxy') && { toxiproxy: figure('toxiproxy') }),
  };
};

/** A figure of the wire proxy's, beside those of the others where they were measured. */
const row = (
  name: string,
  unit: string,
  figures: Figures,
  asked?: string,
  holds?: (figures: Figures) => boolean,
): Row => {
  const beside = (['toxiproxy', 'direct'] as const)
    .filter((other) => figures[other] !== undefined)
    .map((other) => `${other} ${Math.round((figures[other] ?? 0) * 10) / 10}`);
  return {
    measure: beside.length === 0 ? name : `${name} (${beside.join(', ')})`,
    value: figures.wire,
    unit,
    ...(asked !== undefined && holds !== undefined && { asked, kept: holds(figures) }),
  };
};

const LATENCY = (latency: number): ToxicRequest => ({
  name: 'late',
  type: 'latency',
  stream: 'upstream',
  attributes: { latency },
});

const throughput = async (targets: readonly Target[]): Promise<Row[]> => {
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
  readonly p99: number;
}

const roundTrips = async (targets: readonly Target[]): Promise<Row[]> => {
  const echo = await server('echo');
  const one = await alternating(
    targets,
    async (target) => (await load<Quantiles>('rtt', await target.through(echo), 1, 1500)).p50 * 1000,
  );
  const many = await alternating(
    targets,
    async (target) => (await load<Quantiles>('rtt', await target.through(echo), 64, 2000, 10)).p50 * 1000,
  );
  const added = (figures: Figures, share: number): boolean =>
    figures.wire - (figures.direct ?? 0) <= share * ((figures.toxiproxy ?? Infinity) - (figures.direct ?? 0));
  return [
    row('round trip of 64 bytes, 1 connection, median', 'µs', one, 'added ≤ 0.9 × toxiproxy', (figures) =>
      added(figures, 0.9),
    ),
    row('round trip at 6400/s over 64 connections, median', 'µs', many, 'added ≤ toxiproxy', (figures) =>
      added(figures, 1),
    ),
  ];
};

const accuracy = async (wire: Target): Promise<Row[]> => {
  const echo = await server('echo');
  const rows: Row[] = [];
  for (const connections of [1, 100]) {
    const base = await load<Quantiles>('rtt', echo, connections, 2000, 40);
    const late = await load<Quantiles>('rtt', await wire.through(echo, LATENCY(20)), connections, 3000, 40);
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

const residentBytes = (pid: number | undefined): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

const connections = async (targets: readonly Target[]): Promise<Row[]> => {
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
const memory = async (): Promise<Row[]> => {
  const echo = await server('echo');
  const fresh = [await toxiproxyTarget(), await wireTarget()].filter((target) => target !== undefined);
  const perConnection: Partial<Record<Target['name'], number>> = {};
  for (const target of fresh) {
    const port = await target.through(echo);
    const before = residentBytes(target.pid);
    const count = 2000;
    const child = start(process.execPath, [LOAD, 'client', 'idle', HOST, String(port), String(count)]);
    await firstLine(child);
    await new Promise((resolve) => setTimeout(resolve, 500));
    perConnection[target.name] = (residentBytes(target.pid) - before) / count / 1024;
    child.stdin?.end();
    await once(child, 'exit');
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

/** The API while 100 connections are stalled, an upstream never answers, and toxics come and go. */
const control = async (wire: Target): Promise<Row[]> => {
  const api = wire.control;
  if (api === undefined) return [];
  const sink = await server('sink');
  const stalled = await wire.through(sink, {
    name: 'stalled',
    type: 'bandwidth',
    stream: 'upstream',
    attributes: { rate: 0 },
  });
  void load('bulk', stalled, 100, 4000).catch(() => undefined);
  // 192.0.2.0/24 is for documentation (RFC 5737): nobody answers there, or the route is missing.
  const { value } = await api.createProxy({ name: 'hole', listen: `${HOST}:0`, upstream: '192.0.2.1:9' });
  void load('idle', value.port, 5).catch(() => undefined);
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
  return [row('API answer beside 100 stalled connections, p99', 'ms', { wire: p99 }, '≤ 50 ms', () => p99 <= 50)];
};

/** Runs all measurements, in about a minute and a half; leaves no process. */
export const runProxyBench = async (): Promise<readonly Row[]> => {
  try {
    const wire = await wireTarget();
    const toxiproxy = await toxiproxyTarget();
    const targets = [direct, ...(toxiproxy === undefined ? [] : [toxiproxy]), wire];
    return [
      ...(await throughput(targets)),
      ...(await roundTrips(targets)),
      ...(await accuracy(wire)),
      ...(await connections(targets)),
      ...(await memory()),
      ...(await control(wire)),
    ];
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
};
