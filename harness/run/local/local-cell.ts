/**
 * The local cell: subjects as child processes, the wire proxy as a process of its own, all on one loopback address.
 *
 * Owns the proxy's life and the address; nothing but Node is needed.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { Cell } from '../cell.ts';
import { ProxyControl } from '../proxy-control.ts';
import { messageOf, RunError } from '../run-error.ts';
import { WireFeed } from '../wire-feed.ts';
import { freePort, isListening } from './listening.ts';
import { startLocalProcess } from './local-process.ts';
import { RunQueueMeter } from './run-queue.ts';
import { proveRefused } from './refusal.ts';
import { OWNER_VARIABLE, ownerMark } from './sweep.ts';

const PROXY_PROGRAM = fileURLToPath(new URL('../../proxy/main.ts', import.meta.url));
/** The proxy's process starts in well under a second; a machine that needs longer cannot time anything. */
const PROXY_START_MS = 10_000;
const PROXY_END_MS = 2_000;

/**
 * Opens a local cell.
 *
 * @param number from 1; where the system allows it each cell has an address of its own in 127.0.0.0/8
 * @throws {RunError} `proxy-not-started`
 */
export async function openLocalCell(number: number, signal: AbortSignal): Promise<Cell> {
  const host =
    process.platform === 'linux' ? `127.0.${37 + Math.floor(number / 250)}.${1 + (number % 250)}` : '127.0.0.1';
  // Programs in Node start in half the time from compiled code; others ignore the variable.
  const compileCache = process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'node-compile-cache');
  const environment = { [OWNER_VARIABLE]: await ownerMark(), NODE_COMPILE_CACHE: compileCache };
  const proxy = spawn(process.execPath, [PROXY_PROGRAM, '--host', host, '--port', '0', '--exit-with-stdin'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment, LOG_LEVEL: 'error' },
  });
  if (proxy.pid === undefined) throw notStarted(host, await spawnError(proxy));
  proxy.stdin.on('error', () => {
    // The proxy is gone; the next call to it says so.
  });
  // Not inherited: an orphan would hold the harness's own standard error open.
  proxy.stderr.pipe(process.stderr, { end: false });
  const meter = new RunQueueMeter(proxy.pid);
  let alive = true;
  const ended = once(proxy, 'close');
  proxy.once('close', () => {
    alive = false;
    meter.close();
  });
  const end = async (): Promise<void> => {
    proxy.stdin.end();
    const late = setTimeout(() => proxy.kill('SIGKILL'), PROXY_END_MS);
    await ended;
    clearTimeout(late);
  };
  try {
    const address = await apiAddress(proxy.stdout, ended, signal);
    const control = new ProxyControl(`http://${address}`);
    return describe(host, control, {
      environment,
      alive: () => alive,
      waitedMs: () => meter.waitedMs(),
      end,
    });
  } catch (error) {
    await end();
    throw notStarted(host, error);
  }
}

function notStarted(host: string, error: unknown): RunError {
  return new RunError(
    'proxy-not-started',
    `the fault proxy did not start on ${host}: ${messageOf(error)}`,
    'run "halfopen proxy" by itself to see what it says',
    error,
  );
}

/** Why there is no process; where descriptors have run out it has no pipes either. */
async function spawnError(child: ChildProcess): Promise<unknown> {
  const [error] = (await once(child, 'error')) as [unknown];
  return error;
}

/** The address in the line that the proxy prints once its API listens. */
async function apiAddress(
  stdout: NodeJS.ReadableStream,
  ended: Promise<unknown>,
  signal: AbortSignal,
): Promise<string> {
  const lines = createInterface({ input: stdout });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(PROXY_START_MS)]);
  const found = new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const address = /"address":\s*"([^"]+)"/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
    limit.addEventListener('abort', () => reject(limit.reason as Error), { once: true });
    void ended.then(() => reject(new Error('its process ended')));
  });
  return found;
}

/** The proxy's process, and what it shares with the subjects. */
interface ProxyProcess {
  readonly environment: Readonly<Record<string, string>>;
  alive(): boolean;
  waitedMs(): number | null;
  end(): Promise<void>;
}

function describe(host: string, control: ProxyControl, proxy: ProxyProcess): Cell {
  const feed = new WireFeed(control);
  const cell: Cell = {
    kind: 'local',
    proxy: 'wire',
    control,
    effectGrade: 'self',
    network: null,
    readClock: () => Promise.resolve(null),
    facing: () => cell,
    serverHost: host,
    proxyListen: `${host}:0`,
    proxyHost: host,
    upstream: (port) => `${host}:${port}`,
    freePort: () => freePort(host),
    listens: (port) => isListening(host, port),
    // The machine's own; nothing else is asked of a local cell (`plan/capability.ts`).
    makeRoom: () => Promise.resolve(),
    start: (role, subject, environment) => startLocalProcess(role, subject, { ...proxy.environment, ...environment }),
    watch: (proxyName, onEvent, originMicros) => feed.watch(proxyName, onEvent, originMicros),
    proveRefused: (port) => Promise.resolve(proveRefused(host, port)),
    proxyWaitedMs: () => proxy.waitedMs(),
    waysIn: () => [`proxy: its API is at ${control.baseUrl}/proxies`],
    isSound: () => Promise.resolve(proxy.alive()),
    [Symbol.asyncDispose]: async () => {
      await feed[Symbol.asyncDispose]();
      await proxy.end();
    },
  };
  return cell;
}
