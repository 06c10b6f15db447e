import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Real toxiproxy-server 2.12, where there is one: `TOXIPROXY_SERVER` is its path. In CI there must be. */
const REAL = process.env['TOXIPROXY_SERVER'];
const isSkipped = REAL === undefined && process.env['CI'] !== 'true';
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const HOST = '127.0.0.1';

type Call = readonly [method: string, path: string, body?: unknown];

const proxy = { name: 'p', listen: `${HOST}:PORT1`, upstream: `${HOST}:1` };
const disabled = { name: 'd', listen: 'localhost:PORT2', upstream: 'x:1', enabled: false };
const toxics = '/proxies/p/toxics';

/** Answered alike, body for body; what is above another line changes what that one meets. */
const CALLS: readonly Call[] = [
  ['GET', '/proxies'],
  ['POST', '/proxies', proxy],
  ['POST', '/proxies', proxy],
  ['GET', '/proxies/p'],
  ['GET', '/proxies'],
  ['GET', '/proxies/none'],
  ['POST', '/proxies', ''],
  ['POST', '/proxies', '{'],
  ['POST', '/proxies', '[]'],
  ['POST', '/proxies', '"text"'],
  ['POST', '/proxies', { name: 5, upstream: 'x' }],
  ['POST', '/proxies', { upstream: 'x' }],
  ['POST', '/proxies', { name: 'x' }],
  ['POST', '/proxies', { name: 'q', listen: HOST, upstream: 'x:1' }],
  ['POST', '/proxies', { name: 'q', listen: `${HOST}:99999`, upstream: 'x:1' }],
  ['POST', '/proxies', { ...proxy, name: 'q' }],
  ['POST', '/proxies', disabled],
  ['POST', '/proxies/d', { enabled: true }],
  ['PATCH', '/proxies/d', { enabled: false }],
  ['PATCH', '/proxies/d', ''],
  ['PATCH', '/proxies/d', { enabled: 'x' }],
  ['PATCH', '/proxies/none', {}],
  ['DELETE', '/proxies/d'],
  ['DELETE', '/proxies/d'],
  ['GET', toxics],
  ['POST', toxics, { type: 'latency' }],
  ['POST', toxics, { type: 'latency' }],
  ['POST', toxics, { type: 'nope' }],
  ['POST', toxics, {}],
  ['POST', toxics, { type: 'latency', stream: 'x' }],
  ['POST', toxics, { type: 'latency', stream: '' }],
  ['POST', toxics, { type: 'bandwidth', stream: 'UpStream', attributes: { rate: 5 } }],
  ['POST', toxics, { type: 'latency', name: 'l2', attributes: { latency: '5' } }],
  ['POST', toxics, { type: 'latency', name: 'l2', attributes: { latency: 1.5 } }],
  ['POST', toxics, { type: 'latency', name: 'l2', attributes: null, toxicity: 0.5 }],
  ['POST', toxics, { type: 'latency', name: 'l3', toxicity: 'x' }],
  ['POST', toxics, ''],
  ...['slow_close', 'timeout', 'limit_data', 'reset_peer', 'noop'].map((type): Call => ['POST', toxics, { type }]),
  ['POST', toxics, { type: 'slicer', attributes: { average_size: 10 } }],
  ['GET', toxics],
  ['GET', `${toxics}/l2`],
  ['PATCH', `${toxics}/l2`, { attributes: { latency: 9 } }],
  ['POST', `${toxics}/l2`, { toxicity: 1, name: 'other', stream: 'upstream' }],
  ['PATCH', `${toxics}/l2`, { attributes: { latency: 'x' } }],
  ['PATCH', `${toxics}/none`, {}],
  ['DELETE', `${toxics}/l2`],
  ['DELETE', `${toxics}/l2`],
  ['GET', '/proxies/none/toxics'],
  ['POST', '/populate', [disabled, proxy]],
  ['POST', '/reset'],
  ['GET', '/proxies'],
  ['PUT', '/proxies'],
  ['HEAD', '/version'],
  ['GET', '/proxies/'],
  ['GET', '//proxies'],
  ['GET', '/nothing'],
  ['GET', '/metrics'],
  ['DELETE', '/version'],
  ['DELETE', '/proxies/d'],
];

const freePort = async (): Promise<number> => {
  const probe = createServer().listen({ host: HOST, port: 0 });
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
};

/** A server under comparison, with listen ports of its own. */
class Side {
  readonly #child: ChildProcess;
  readonly #port: number;
  readonly #ports: Readonly<Record<string, number>>;

  constructor(command: string, args: readonly string[], port: number, ports: Readonly<Record<string, number>>) {
    this.#port = port;
    this.#ports = ports;
    const flags = ['-host', HOST, '-port', String(port)];
    this.#child = spawn(command, [...args, ...flags], {
      env: { ...process.env, LOG_LEVEL: 'disabled' },
      stdio: 'ignore',
    });
  }

  static async start(command: string, args: readonly string[]): Promise<Side> {
    const [port, PORT1, PORT2] = [await freePort(), await freePort(), await freePort()];
    const side = new Side(command, args, port, { PORT1, PORT2 });
    while (!(await side.#answers()));
    return side;
  }

  async #answers(): Promise<boolean> {
    const socket = connect(this.#port, HOST);
    const open = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (!open) await new Promise((resolve) => setTimeout(resolve, 20));
    return open;
  }

  /** Status, whether there is a request id, and the body without what is known to differ. */
  async call([method, path, body]: Call): Promise<object> {
    let sent = typeof body === 'string' ? body : JSON.stringify(body);
    for (const [word, port] of Object.entries(this.#ports)) sent = sent?.replaceAll(word, String(port));
    const init = { method, redirect: 'manual' as const, ...(sent !== undefined && { body: sent }) };
    const response = await fetch(`http://${HOST}:${this.#port}${path}`, init);
    let text = (await response.text()).replaceAll('"Logger":{},', '');
    for (const [word, port] of Object.entries(this.#ports)) text = text.replaceAll(String(port), word);
    let parsed: unknown = text;
    try {
      parsed = JSON.parse(text);
    } catch {
      // Compared as text.
    }
    return { status: response.status, hasId: response.headers.has('x-toxiproxy-request-id'), body: parsed };
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}

describe.skipIf(isSkipped)('beside real Toxiproxy', () => {
  let real: Side | undefined;
  let wire: Side | undefined;
  beforeAll(async () => {
    if (REAL === undefined) throw new Error('TOXIPROXY_SERVER must name toxiproxy-server 2.12, as .ci/run does');
    real = await Side.start(REAL, []);
    wire = await Side.start(process.execPath, [MAIN]);
  });
  afterAll(async () => {
    await Promise.all([real?.stop(), wire?.stop()]);
  });

  test('every call is answered alike, one after the other', async () => {
    for (const call of CALLS) expect([call, await wire?.call(call)]).toEqual([call, await real?.call(call)]);
  });
});
