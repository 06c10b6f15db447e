import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
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
  ...['true', '5', 'null', '{"upstream":true}', '{"enabled":"yes"}', '{"listen":5}', '{"name":{}}', '{"name":""}'].map(
    (body): Call => ['POST', '/proxies', body],
  ),
  ...[`${HOST}:x`, `${HOST}:-1`, '[::1', '::1:80', '1.2.3.4:1', 'a b:1'].map((listen): Call => [
    'POST',
    '/proxies',
    { name: 'q', listen, upstream: 'x:1' },
  ]),
  ...['0.0.0.0', '', '[::]', '[::1]', 'localhost'].flatMap((host): Call[] => [
    ['POST', '/proxies', { name: 'q', listen: `${host}:PORT3`, upstream: 'not an address' }],
    ['DELETE', '/proxies/q'],
  ]),
  ['POST', '/proxies', disabled],
  ['POST', '/proxies/d', { enabled: true }],
  ['PATCH', '/proxies/d', { enabled: false }],
  ['PATCH', '/proxies/d', ''],
  ['PATCH', '/proxies/d', { enabled: 'x' }],
  ['PATCH', '/proxies/none', {}],
  ['PATCH', '/proxies/p', { listen: 'garbage' }],
  ['PATCH', '/proxies/p', { listen: '1.2.3.4:1' }],
  ['GET', '/proxies/p'],
  ['PATCH', '/proxies/p', { listen: `localhost:PORT1`, enabled: true }],
  ['PATCH', '/proxies/p', { listen: null, toxics: [{ type: 'noop' }] }],
  ['DELETE', '/proxies/d'],
  ['DELETE', '/proxies/d'],
  ['GET', toxics],
  ['POST', toxics, { type: 'latency' }],
  ['POST', toxics, { type: 'latency' }],
  ['POST', toxics, { type: 'nope' }],
  ['POST', toxics, {}],
  ['POST', toxics, '5'],
  ['POST', toxics, '[]'],
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
  ['PATCH', `${toxics}/bandwidth_UpStream`, { attributes: { rate: 2 ** 31 - 1 } }],
  ['PATCH', `${toxics}/timeout_downstream`, { attributes: { timeout: Number.MAX_SAFE_INTEGER } }],
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
  ['POST', '/populate', 'null'],
  ['POST', '/populate', [null]],
  ['POST', '/populate', [{ ...disabled, listen: '127.0.0.1:PORT2', enabled: true }]],
  ['POST', '/populate', [{ ...proxy, listen: '1.2.3.4:1' }, disabled]],
  ['GET', '/proxies'],
  ['POST', '/populate', [{ ...disabled, listen: 'garbage' }]],
  ['POST', '/populate', [proxy, { ...proxy, upstream: 'y:1', listen: '127.0.0.1:PORT3' }]],
  ['POST', '/reset'],
  ['GET', '/proxies'],
  ['PUT', '/proxies'],
  ['HEAD', '/version'],
  ['GET', '/proxies/'],
  ['GET', '//proxies'],
  ['GET', '/proxies/./p/../d'],
  ['GET', '/proxies/%'],
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

/** Refused by both with that status; each says why in the words of its own JSON decoder, or of its own ranges. */
const REFUSED: readonly (readonly [status: number, call: Call])[] = [
  ...['x', '{,}', '{"name":"x",}', '{"name":"a\\x"}', '01', 'tru', ']', "{'name':'x'}"].map((body): [number, Call] => [
    400,
    ['POST', '/proxies', body],
  ]),
  [400, ['POST', toxics, { type: 'latency', attributes: [] }]],
  [400, ['POST', toxics, '{"name":"big","type":"latency","attributes":{"latency":99999999999999999999}}']],
  [400, ['POST', toxics, { name: 's', type: 'slicer', attributes: { average_size: 'x' } }]],
  [400, ['PATCH', `${toxics}/one`, { attributes: 'x' }]],
  [400, ['PATCH', `${toxics}/one`, []]],
  [400, ['POST', '/populate', {}]],
  [400, ['POST', '/populate', [5]]],
  [500, ['POST', '/proxies', { name: 'q', listen: 'nohost.invalid:1', upstream: 'x:1' }]],
];

/** Answered differently, on purpose: the status of real Toxiproxy, and of the wire proxy. */
const DIFFERENT: readonly (readonly [real: number, wire: number, call: Call])[] = [
  [400, 200, ['POST', toxics, '{"name":"whole","type":"latency","attributes":{"latency":1e1,"jitter":1.0}}']],
  [200, 400, ['POST', toxics, { name: 'negative', type: 'latency', attributes: { latency: -5 } }]],
  [200, 400, ['POST', toxics, { name: 'seven', type: 'noop', toxicity: 7 }]],
  [200, 400, ['POST', toxics, { name: 'unknown', type: 'latency', attributes: { lateny: 5 } }]],
  [200, 404, ['GET', '/proxies/p%2Ftoxics']],
];

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
    const [port, PORT1, PORT2, PORT3] = [await freePort(), await freePort(), await freePort(), await freePort()];
    const side = new Side(command, args, port, { PORT1, PORT2, PORT3 });
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

  async status(call: Call): Promise<number> {
    return (await this.call(call)).status;
  }

  /** Status, whether there is a request id, and the body without what is known to differ. */
  async call([method, path, body]: Call): Promise<{
    readonly status: number;
    readonly hasId: boolean;
    readonly body: unknown;
  }> {
    let sent = typeof body === 'string' ? body : JSON.stringify(body);
    for (const [word, port] of Object.entries(this.#ports)) sent = sent?.replaceAll(word, String(port));
    const init = { method, redirect: 'manual' as const, ...(sent !== undefined && { body: sent }) };
    const response = await fetch(`http://${HOST}:${this.#port}${path}`, init);
    let text = (await response.text()).replaceAll('"Logger":{},', '').replace('"proxies":null', '"proxies":[]');
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

  test('the version is the same line', () => {
    const version = (command: string, args: readonly string[]): string =>
      spawnSync(command, [...args, '-version'], { encoding: 'utf8' }).stdout;
    expect(version(process.execPath, [MAIN])).toBe(version(REAL ?? '', []));
  });

  test('what both refuse has the same status, whatever the words', async () => {
    for (const side of [real, wire]) {
      await side?.call(['POST', '/populate', [proxy]]);
      await side?.call(['POST', toxics, { name: 'one', type: 'latency' }]);
      for (const [status, call] of REFUSED) expect([call, await side?.status(call)]).toEqual([call, status]);
    }
  });

  test('what differs on purpose differs as it is documented', async () => {
    for (const [ofReal, ofWire, call] of DIFFERENT) {
      expect([call, await real?.status(call), await wire?.status(call)]).toEqual([call, ofReal, ofWire]);
    }
  });
});
