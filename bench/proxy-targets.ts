/**
 * What the proxy's measurements are taken on: real Toxiproxy 2.12, the wire proxy and the direct path, measured in turn.
 *
 * Owns every process that is started. Toxiproxy is the program that `TOXIPROXY_SERVER` names, or `toxiproxy-server` on the
 * path; without it its columns are empty. The wire proxy's events are listened to all the time, and thrown away: what a
 * listener makes of them is its own cost.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { ProxyControl, type ToxicRequest } from '../harness/run/proxy-control.ts';
import { quantile } from './quantile.ts';
import type { Row } from './row.ts';

export const HOST = '127.0.0.1';
const LOAD = fileURLToPath(new URL('proxy-load.ts', import.meta.url));
const WIRE = fileURLToPath(new URL('../harness/proxy/main.ts', import.meta.url));

/** How often each target is measured, beside a first time that only warms it up. */
const ROUNDS = 3;

export interface Target {
  readonly name: 'direct' | 'toxiproxy' | 'wire';
  /** A port that leads to that server, through the proxy unless direct. */
  through(serverPort: number, toxic?: ToxicRequest): Promise<number>;
  readonly pid: number | undefined;
  readonly control: ProxyControl | undefined;
}

const children = new Set<ChildProcess>();

/** Ends whatever was started. */
export const endAll = (): void => {
  for (const child of children) child.kill('SIGKILL');
};

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

/** A server that swallows or echoes whatever comes; its port. */
export const server = async (kind: 'sink' | 'echo'): Promise<number> =>
  Number(await firstLine(start(process.execPath, [LOAD, 'server', kind])));

const client = (kind: string, port: number, numbers: readonly number[]): ChildProcess =>
  start(process.execPath, [LOAD, 'client', kind, HOST, String(port), ...numbers.map(String)]);

/** Runs one load to its end, and returns what it says of itself. */
export const load = async <Result>(kind: string, port: number, ...numbers: readonly number[]): Promise<Result> =>
  JSON.parse(await firstLine(client(kind, port, numbers))) as Result;

/** Opens that many connections and keeps them, idle, until the returned function is called. */
export const idle = async (port: number, count: number): Promise<() => Promise<void>> => {
  const child = client('idle', port, [count]);
  await firstLine(child);
  return async () => {
    child.stdin?.end();
    await once(child, 'exit');
  };
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

export const wireTarget = async (): Promise<Target> => {
  const child = start(process.execPath, [WIRE, '--host', HOST, '--port', '0', '--exit-with-stdin']);
  const { address } = JSON.parse(await firstLine(child)) as { address: string };
  const control = new ProxyControl(`http://${address}`);
  get(`http://${address}/events`, (events) => events.resume()).on('error', () => undefined);
  return { name: 'wire', pid: child.pid, control, through: (port, toxic) => throughProxy(control, port, toxic) };
};

export const toxiproxyTarget = async (): Promise<Target | undefined> => {
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

export const direct: Target = {
  name: 'direct',
  pid: undefined,
  control: undefined,
  through: (port) => Promise.resolve(port),
};

export type Figures = Partial<Record<Target['name'], number>> & { readonly wire: number };

/** Measures each target in turn, once to warm it up and then `ROUNDS` times, and takes the medians. */
export const alternating = async (
  targets: readonly Target[],
  measure: (target: Target) => Promise<number>,
): Promise<Figures> => {
  const samples = new Map<Target['name'], number[]>();
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const target of targets) {
      const sample = await measure(target);
      if (round > 0) samples.set(target.name, [...(samples.get(target.name) ?? []), sample]);
    }
  }
  const figure = (name: Target['name']): number => quantile(samples.get(name) ?? [], 0.5);
  return {
    wire: figure('wire'),
    ...(samples.has('direct') && { direct: figure('direct') }),
    ...(samples.has('toxiproxy') && { toxiproxy: figure('toxiproxy') }),
  };
};

/** A figure of the wire proxy's, beside those of the others where they were measured. */
export const row = (
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

/** Delays what goes to the server. */
export const LATENCY = (latency: number): ToxicRequest => ({
  name: 'late',
  type: 'latency',
  stream: 'upstream',
  attributes: { latency },
});
