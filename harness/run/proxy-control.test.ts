import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { monotonicMs } from './clock.ts';
import { ProxyControl } from './proxy-control.ts';

const MAIN = fileURLToPath(new URL('../proxy/main.ts', import.meta.url));

/** The wire proxy as a process of its own, and its control. */
class Running implements AsyncDisposable {
  readonly control: ProxyControl;
  readonly child: ReturnType<typeof spawn>;

  constructor(child: ReturnType<typeof spawn>, address: string) {
    this.child = child;
    this.control = new ProxyControl(`http://${address}`);
  }

  static async start(): Promise<Running> {
    const child = spawn(process.execPath, [MAIN, '--host', '127.0.0.1', '--port', '0', '--exit-with-stdin'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, LOG_LEVEL: 'disabled' },
    });
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return new Running(child, (JSON.parse(line) as { address: string }).address);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.stdin?.end();
    await ended;
  }
}

const upstream = '127.0.0.1:1';

describe('a proxy’s control', () => {
  test('makes, changes and removes proxies and toxics, whatever their names, and says when', async () => {
    await using running = await Running.start();
    const { control } = running;
    expect((await control.version()).value).toBe('2.12.0');
    const beforeMs = monotonicMs();
    const made = await control.createProxy({ name: 'a/b ?#c', listen: '127.0.0.1:0', upstream });
    expect(made.value).toMatchObject({ name: 'a/b ?#c', host: '127.0.0.1', upstream, enabled: true });
    expect(made.value.port).toBeGreaterThan(0);
    expect(made.askedAtMs).toBeGreaterThanOrEqual(beforeMs);
    expect(made.acknowledgedAtMs).toBeGreaterThan(made.askedAtMs);
    const toxic = { name: 'f/0', type: 'latency', stream: 'downstream', attributes: { latency: 5 } } as const;
    expect((await control.addToxic('a/b ?#c', toxic)).value).toMatchObject({ name: 'f/0', toxicity: 1 });
    const changed = await control.updateToxic('a/b ?#c', { ...toxic, attributes: { latency: 6 } });
    expect(changed.value.attributes).toEqual({ latency: 6, jitter: 0 });
    await control.removeToxic('a/b ?#c', 'f/0');
    expect((await control.updateProxy('a/b ?#c', { enabled: false })).value.enabled).toBe(false);
    await control.reset();
    await control.removeProxy('a/b ?#c');
    const kinds: unknown[] = [];
    for await (const event of control.events({ proxy: 'a/b ?#c' })) {
      kinds.push((event as { kind: unknown }).kind);
      if (kinds.length === 4) break;
    }
    expect(kinds).toEqual(['listening', 'stopped', 'listening', 'stopped']);
  });

  test('keeps the status and the text of an error', async () => {
    await using running = await Running.start();
    const { control } = running;
    await expect(control.removeProxy('none')).rejects.toMatchObject({
      code: 'proxy-refused',
      status: 404,
      message: `DELETE ${control.baseUrl}/proxies/none: 404 proxy not found`,
    });
    await control.createProxy({ name: 'p', listen: '127.0.0.1:0', upstream });
    const toxic = { name: 'f0', type: 'reset', stream: 'upstream', attributes: { bytes: -1 } } as const;
    await expect(control.addToxic('p', toxic)).rejects.toMatchObject({ status: 400, message: /bytes must be from 0/ });
  });

  test('says that nobody is there, that the answer is late, and that it was told to stop', async () => {
    const silent = createServer(() => undefined).listen({ host: '127.0.0.1', port: 0 });
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const slow = new ProxyControl(`http://127.0.0.1:${port}`, 150);
    const beforeMs = monotonicMs();
    await expect(slow.version()).rejects.toMatchObject({ code: 'proxy-deadline' });
    const tookMs = monotonicMs() - beforeMs;
    expect(tookMs).toBeGreaterThanOrEqual(149);
    expect(tookMs).toBeLessThan(150 + 2000);
    const abort = new AbortController();
    const call = new ProxyControl(`http://127.0.0.1:${port}`).version(abort.signal);
    abort.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    silent.close();
    await expect(new ProxyControl('http://127.0.0.1:1').version()).rejects.toMatchObject({ code: 'proxy-unreachable' });
  });
});

describe('the program', () => {
  test.for(['the end of its standard input', 'SIGTERM', 'SIGINT'] as const)('ends with status 0 by %s', async (how) => {
    await using running = await Running.start();
    await running.control.createProxy({ name: 'p', listen: '127.0.0.1:0', upstream });
    const ended = once(running.child, 'exit');
    if (how === 'the end of its standard input') running.child.stdin?.end();
    else running.child.kill(how);
    expect(await ended).toEqual([0, null]);
  });
});
