import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import type { Cell, SubjectProcess } from '../cell.ts';
import { freezerOf } from './container-faults.ts';
import { DockerRun } from './docker-run.ts';
import { openEngine, RUN_LABEL } from './engine.ts';
import type { Container } from './engine.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';

const NODE = { name: 'node', command: [] };

/** Ends the input of each and waits for their exits. */
async function finish(...subjects: SubjectProcess[]) {
  for (const subject of subjects) subject.endInput();
  return Promise.all(subjects.map(({ exited }) => exited));
}

/** A subject's events as they come. */
class Events {
  readonly seen: Record<string, unknown>[] = [];
  readonly #lines: ReturnType<typeof createInterface>;

  constructor(subject: SubjectProcess) {
    this.#lines = createInterface({ input: subject.stdout });
    this.#lines.on('line', (line) => {
      const event: Record<string, unknown> = JSON.parse(line);
      this.seen.push(event);
    });
  }

  async until(event: string): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.seen.find((each) => each['event'] === event);
      if (found !== undefined) return found;
      await once(this.#lines, 'line');
    }
  }
}

describe.skipIf(skipWithoutEngine)('a Docker cell', { timeout: 120_000 }, () => {
  let run: DockerRun;
  let cell: Cell;

  beforeAll(async () => {
    run = await DockerRun.begin();
    cell = await run.openCell();
  }, 300_000);

  afterAll(async () => {
    await cell[Symbol.asyncDispose]();
    await run[Symbol.asyncDispose]();
  });

  /** What was told of the containers, in this order. */
  let states: string[] = [];
  beforeEach(() => {
    states = [];
  });

  const start = async (role: 'server' | 'client', workload: string, port: number, params: object) => {
    const environment = {
      HALFOPEN_CONTRACT: '1',
      HALFOPEN_ROLE: role,
      HALFOPEN_WORKLOAD: workload,
      HALFOPEN_HOST: role === 'server' ? cell.serverHost : cell.proxyHost,
      HALFOPEN_PORT: String(port),
      HALFOPEN_PARAMS: JSON.stringify(params),
    };
    const subject = await cell.start(role, NODE, environment, (of, state) => states.push(`${of} ${state}`));
    return { subject, events: new Events(subject) };
  };

  /** The container that a role has its place in. */
  const placeOf = async (role: 'server' | 'client'): Promise<Container> => {
    const engine = await openEngine();
    const filters = { label: [`${RUN_LABEL}=${run.name}`, `com.docker.compose.service=${role}`] };
    const [found] = await engine.listContainers({ filters });
    return engine.getContainer(found?.Id ?? '');
  };
  /** By service, the id of its container, also of one that does not run. */
  const containers = async (): Promise<Record<string, string>> => {
    const filters = { label: [`${RUN_LABEL}=${run.name}`, 'com.docker.compose.service'] };
    const found = await (await openEngine()).listContainers({ all: true, filters });
    return Object.fromEntries(found.map(({ Id, Labels }) => [Labels['com.docker.compose.service'] ?? '', Id]));
  };
  const isPaused = async (role: 'server' | 'client'): Promise<boolean> =>
    (await (await placeOf(role)).inspect()).State.Paused;

  /** A server and a client that talk through a proxy of that name. */
  const pair = async (proxy: string, workload: string, params: object) => {
    const server = await start('server', workload, 0, params);
    const { port } = await server.events.until('listening');
    const upstream = cell.upstream(Number(port));
    const made = await cell.control.createProxy({ name: proxy, listen: cell.proxyListen, upstream });
    return { server, client: await start('client', workload, made.value.port, params), port: made.value.port };
  };

  test('two subjects talk through the proxy and end with their input', async () => {
    const { server, client } = await pair('clean', 'echo', { messages: 3 });
    await client.events.until('done');
    const ended = await finish(client.subject, server.subject);
    expect(ended).toMatchObject([
      { status: 0, signal: null },
      { status: 0, signal: null },
    ]);
    expect(client.events.seen.filter(({ event }) => event === 'received')).toHaveLength(3);
    expect(client.events.seen.filter(({ event }) => event === 'failed')).toEqual([]);
    await cell.control.removeProxy('clean');
    expect(await cell.isSound()).toBe(true);
  });

  test('a frozen subject does nothing until it is thawed, and both are confirmed', async () => {
    const { server, client } = await pair('freeze', 'idle', { durationMs: 4000, heartbeatMs: 50 });
    await client.events.until('heard');
    const delivery = await client.subject.freeze();
    expect(delivery).toMatchObject({ grade: 'engine', proof: expect.stringContaining('is paused') as string });
    expect(await isPaused('client')).toBe(true);
    expect(states).toEqual(['client paused']);
    await delay(100);
    const frozenAt = client.events.seen.length;
    await delay(500);
    expect(client.events.seen).toHaveLength(frozenAt);
    await client.subject.thaw();
    expect(await isPaused('client')).toBe(false);
    expect(states).toEqual(['client paused', 'client running']);
    await client.events.until('done');
    await finish(client.subject, server.subject);
    await cell.control.removeProxy('freeze');
  });

  test('a thaw that the engine answers and has not done is asked for again', async () => {
    const { subject } = await start('server', 'echo', 0, {});
    const container = await placeOf('server');
    const freezer = freezerOf(container, 'server', () => {});
    await freezer.freeze();
    using unpause = vi.spyOn(container, 'unpause').mockResolvedValueOnce(undefined);
    await freezer.thaw();
    expect(unpause.mock.calls.length).toBeGreaterThan(1);
    expect(await isPaused('server')).toBe(false);
    await finish(subject);
  });

  test('a killed subject is gone at once, and the cell goes on', async () => {
    const { server, client } = await pair('kill', 'idle', { durationMs: 60_000 });
    await client.events.until('connected');
    const delivery = await server.subject.kill();
    expect(delivery?.proof).toContain('SIGKILL');
    expect(await server.subject.exited).toMatchObject({ status: null, signal: 'SIGKILL' });
    expect(await client.events.until('failed')).toMatchObject({ op: 'recv' });
    await finish(client.subject);
    await cell.control.removeProxy('kill');
  });

  test('thawing what is not frozen does no harm, and a frozen subject can be killed', async () => {
    const { subject } = await start('server', 'echo', 0, {});
    await subject.thaw();
    await subject.freeze();
    expect(await subject.kill()).toMatchObject({ grade: 'engine' });
    await subject.thaw();
    expect(states, 'the container goes on').toEqual(['server paused', 'server running']);
    expect(await cell.isSound()).toBe(true);
  });

  test('a frozen container that is killed is not told to run again when it is to be thawed', async () => {
    const { subject } = await start('server', 'echo', 0, {});
    await subject.freeze();
    expect(await subject.killContainer?.()).toMatchObject({ grade: 'engine' });
    await subject.thaw();
    expect(states).toEqual(['server paused', 'server killed']);
  });

  test('a killed container takes its process and its address with it, and is put back before the next start', async () => {
    const { server, client } = await pair('kill-container', 'idle', { durationMs: 60_000 });
    await client.events.until('connected');
    const delivery = await server.subject.killContainer?.();
    expect(delivery).toMatchObject({
      grade: 'engine',
      proof: expect.stringContaining('does not run any more') as string,
    });
    expect(delivery?.latestMs).toBeGreaterThanOrEqual(delivery?.earliestMs ?? Number.POSITIVE_INFINITY);
    expect(await server.subject.exited).toMatchObject({ status: null, signal: 'SIGKILL' });
    expect(await client.events.until('failed')).toMatchObject({ op: 'recv' });
    const killed = await containers();
    expect(await server.subject.killContainer?.()).toBeNull();
    await server.subject.thaw();
    expect(states).toEqual(['server killed']);
    await finish(client.subject);
    await cell.control.removeProxy('kill-container');
    // The cell need not be rebuilt for it: the next attempt in it finds the place filled again.
    expect(await cell.isSound()).toBe(true);

    const again = await pair('again', 'echo', { messages: 1 });
    await again.client.events.until('done');
    expect(again.client.events.seen.filter(({ event }) => event === 'failed')).toEqual([]);
    const { server: replaced, ...others } = await containers();
    expect(others).toEqual({ client: killed['client'], proxy: killed['proxy'], wire: killed['wire'] });
    expect(replaced).not.toBe(killed['server']);
    await finish(again.client.subject, again.server.subject);
    await cell.control.removeProxy('again');
    expect(await cell.isSound()).toBe(true);
  });

  test('a cell of which a subject is off its network is not to be used again', async () => {
    const cut = await cell.network?.install({ id: 'f1', kind: 'cut', role: 'client', when: { on: 'before-connect' } });
    expect(await cell.isSound()).toBe(false);
    await cut?.lift?.();
    expect(await cell.isSound()).toBe(true);
  });

  test('how long its proxies waited for a core is known where the engine runs on this machine', async () => {
    const beforeMs = cell.proxyWaitedMs();
    expect(beforeMs).toBeGreaterThan(0);
    await cell.control.createProxy({ name: 'wait', listen: cell.proxyListen, upstream: cell.upstream(1) });
    await cell.control.removeProxy('wait');
    expect(cell.proxyWaitedMs()).toBeGreaterThanOrEqual(beforeMs ?? Number.POSITIVE_INFINITY);
  });

  test('nothing listens any more where the proxy is disabled, and the kernel says so', async () => {
    const made = await cell.control.createProxy({ name: 'off', listen: cell.proxyListen, upstream: cell.upstream(1) });
    expect(await cell.proveRefused(made.value.port)).toBeNull();
    await cell.control.updateProxy('off', { enabled: false });
    expect(await cell.proveRefused(made.value.port)).toMatchObject({ grade: 'kernel' });
    await cell.control.removeProxy('off');
  });

  test('an image that is not there is named, and never looked for elsewhere', async () => {
    const missing = { ...NODE, image: 'halfopen/no-such-image:dev' };
    await expect(cell.start('client', missing, {})).rejects.toThrow('no image halfopen/no-such-image:dev');
  });
});
