import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { FLAGS } from './flags.ts';
import { readOptions } from './options.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the program until it ends; its standard input ends at once. */
const run = async (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> => {
  const child = spawn(process.execPath, [MAIN, '--exit-with-stdin', ...args], { env: { ...process.env, ...env } });
  const said = { out: '', err: '' };
  child.stdout.on('data', (part: Buffer) => (said.out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (said.err += part.toString()));
  child.stdin.end();
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...said };
};

const inFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
};

test('tells its address as JSON whatever the log level, and ends with status 0', async () => {
  const { status, out, err } = await run(['-host', '127.0.0.1', '-port=0', '--seed', 'abc'], { LOG_LEVEL: 'disabled' });
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(JSON.parse(out)).toMatchObject({
    level: 'info',
    message: 'Starting Toxiproxy HTTP server',
    address: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
    seed: 'abc',
  });
});

test('begins with the proxies of a configuration file', async () => {
  await inFolder(async (folder) => {
    const config = join(folder, 'proxies.json');
    await writeFile(
      config,
      JSON.stringify([{ name: 'one', listen: '127.0.0.1:0', upstream: 'x:1', toxics: [{ type: 'noop' }] }]),
    );
    const { status, out } = await run(['--host', '127.0.0.1', '--port', '0', '--config', config]);
    expect(status).toBe(0);
    expect(out).toContain('"message":"Started proxy"');
  });
});

test('logs nothing below LOG_LEVEL, which is info where it names none, but always where it listens', async () => {
  await inFolder(async (folder) => {
    const config = join(folder, 'proxies.json');
    await writeFile(config, JSON.stringify([{ name: 'one', listen: '127.0.0.1:0', upstream: 'x:1' }]));
    const said = async (level: string): Promise<string[]> => {
      const { out } = await run(['--host', '127.0.0.1', '--port', '0', '--config', config], { LOG_LEVEL: level });
      return [...out.matchAll(/"message":"([^"]+)"/g)].map(([, message = '']) => message);
    };
    const start = 'Starting Toxiproxy HTTP server';
    expect(await said('nonsense')).toEqual(['Started proxy', start, 'Terminated proxy']);
    expect(await said('Error')).toEqual([start]);
  });
});

test('ends with status 0 while connects hang', async () => {
  await inFolder(async (folder) => {
    const config = join(folder, 'proxies.json');
    await writeFile(config, JSON.stringify([{ name: 'one', listen: '127.0.0.1:0', upstream: 'x:1', hang: true }]));
    const { status, err } = await run(['--host', '127.0.0.1', '--port', '0', '--config', config]);
    expect({ status, err }).toEqual({ status: 0, err: '' });
  });
});

test('says what is wrong with a configuration, and ends', async () => {
  await inFolder(async (folder) => {
    const config = join(folder, 'proxies.json');
    expect(await run(['--port', '0', '--config', config])).toMatchObject({
      status: 2,
      out: '',
      err: /ENOENT.*proxies\.json/,
    });
    await writeFile(config, '[{"name":"one"}]');
    expect(await run(['--port', '0', '--config', config])).toEqual({
      status: 2,
      out: '',
      err: `halfopen proxy: ${config}: missing required field: upstream at proxy 1\n`,
    });
    await writeFile(config, '{');
    expect(await run(['--port', '0', '--config', config])).toEqual({
      status: 2,
      out: '',
      err: `halfopen proxy: ${config}: unexpected EOF\n`,
    });
  });
});

test.for([
  [['--nonsense'], /unknown argument --nonsense; known: --host/],
  [['--port', 'x'], /--port must be a whole number from 0 to 65535, got x/],
  [['--refused', 'maybe'], /--refused must be reset or end, got maybe/],
  [['--seed'], /--seed needs a value/],
  [['-proxy-metrics=banana'], /--proxy-metrics must be true or false, got banana/],
] as const)('refuses %j with one line and status 2', async ([args, message]) => {
  const { status, out, err } = await run(args);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toMatch(message);
  expect(err.trim().split('\n').length).toBe(1);
});

test('says that its port is taken, or one of a proxy of its configuration, and ends', async () => {
  const taken = createServer().listen({ host: '127.0.0.1', port: 0 });
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const listen = `127.0.0.1:${port}`;
  await inFolder(async (folder) => {
    const config = join(folder, 'proxies.json');
    await writeFile(config, JSON.stringify([{ name: 'one', listen, upstream: 'x:1' }]));
    for (const args of [
      ['--port', String(port)],
      ['--port', '0', '--config', config],
    ]) {
      const { status, err } = await run(['--host', '127.0.0.1', ...args]);
      expect(err).toMatch(/^halfopen proxy: .*address already in use.*\n$/);
      expect(err).toContain(listen);
      expect(status).toBe(3);
    }
  });
  taken.close();
});

test('the health check of the documentation tells whether it answers', async () => {
  const page = await readFile(
    fileURLToPath(new URL('../../docs/differences-from-toxiproxy.md', import.meta.url)),
    'utf8',
  );
  const [, list = '[]'] = /^  test: (\[.*\])$/m.exec(page) ?? [];
  const [how, program, ...args] = JSON.parse(list) as string[];
  expect([how, program]).toEqual(['CMD', 'node']);
  const check = async (port: string): Promise<unknown> => {
    const child = spawn(
      process.execPath,
      args.map((arg) => arg.replace('8474', port)),
      { stdio: 'ignore' },
    );
    const [status] = (await once(child, 'exit')) as [number | null];
    return status;
  };
  const proxy = spawn(process.execPath, [MAIN, '--host', '127.0.0.1', '--port', '0', '--exit-with-stdin']);
  const [line] = (await once(createInterface({ input: proxy.stdout }), 'line')) as [string];
  const [, port = ''] = /"address":"127\.0\.0\.1:(\d+)"/.exec(line) ?? [];
  expect(await check(port)).toBe(0);
  proxy.stdin.end();
  await once(proxy, 'exit');
  expect(await check(port)).toBe(1);
});

test.for(['-version', '-version=1', '--version=T', '-version=True'])('says its version with %s', async (flag) => {
  expect(await run([flag])).toMatchObject({
    status: 0,
    out: 'toxiproxy-server version 2.12.0\n',
  });
});

test.for([
  ['1', true],
  ['t', true],
  ['TRUE', true],
  ['0', false],
  ['False', false],
] as const)('reads a switch as Go does: %s', ([word, isOn]) => {
  expect(readOptions([`-proxy-metrics=${word}`]).proxyMetrics).toBe(isOn);
});

test.for(['--help', '-h'])('says its flags with %s', async (flag) => {
  const { status, out, err } = await run([flag]);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  for (const { name } of FLAGS) expect(out).toContain(`--${name}`);
  expect(out).toMatch(/^ {2}--port N +Its port; 0 is any free one, printed\. Default: 8474\.$/m);
});

test.for([
  ['localhost', /^127\.0\.0\.1:\d+$/],
  ['0.0.0.0', /^\[::\]:\d+$/],
] as const)('listens where Go would, whatever the order of look-ups: on %s', async ([host, address]) => {
  const { out } = await run(['--host', host, '--port', '0'], { NODE_OPTIONS: '--dns-result-order=ipv6first' });
  expect(JSON.parse(out)).toMatchObject({ address: expect.stringMatching(address) as string });
});
