/**
 * Each fault of a network bites, is lifted, and has its proof from engine or kernel: two containers of a network of their
 * own, one of which asks the other for an answer every few milliseconds.
 */
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import type { PacketFault } from '../../../scenario/fault.ts';
import { DockerRun } from '../docker-run.ts';
import { openEngine, RUN_LABEL } from '../engine.ts';
import type { Container, Engine } from '../engine.ts';
import { skipWithoutEngine } from '../engine-for-tests.ts';
import { Images, NETWORK_HELPER_IMAGE, WIRE_IMAGE } from '../images.ts';
import { startHelper } from './helper-container.ts';
import { NetworkFaults } from './network-faults.ts';

/** Answers each byte with a byte. */
const SERVER = `require('node:net').createServer((s) => s.on('error', () => {}).pipe(s)).listen(7)`;

/**
 * Asks for an answer over one connection, again and again, and prints how often some came in each 50 ms; what ends the
 * connection is printed, and a new one opened.
 */
const CLIENT = `
const net = require('node:net');
let answers = 0;
const open = () => {
  const socket = net.connect({ host: process.argv[1], port: 7, noDelay: true });
  const timer = setInterval(() => socket.write('x'), 5);
  socket.on('connect', () => console.log('connected'));
  socket.on('data', () => { answers += 1; });
  socket.on('error', (error) => console.log(error.code));
  socket.on('close', () => { clearInterval(timer); setTimeout(open, 20); });
};
setInterval(() => { console.log(answers); answers = 0; }, 50);
open();
`;

/** Opens a connection and ends it first, which leaves its socket waiting (RFC 9293, 3.6): says so once the kernel does. */
const END_ONE = `
const { readFileSync } = require('node:fs');
const socket = require('node:net').connect({ host: process.argv[1], port: 7 }, () => socket.end()).resume();
socket.on('close', () => {
  while (!/ 06 /.test(readFileSync('/proc/net/tcp', 'latin1'))) {}
  console.log('one is in TIME_WAIT');
});
`;

/** Of a second, in lines of 50 ms. Unhindered, answers come 200 times; a kilobyte a second lets 16 packets through. */
const SECOND_LINES = 20;
const SLOW_ANSWERS = 32;

const NOW = { on: 'before-connect' } as const;
const FAULTS = {
  cut: { id: 'f1', kind: 'cut', role: 'client', when: NOW },
  restart: { id: 'f2', kind: 'restart', role: 'server', when: NOW },
  'drop what comes': { id: 'f3', kind: 'drop', role: 'client', direction: 'downstream', oneIn: 1, when: NOW },
  'drop what is sent': { id: 'f4', kind: 'drop', role: 'client', direction: 'upstream', oneIn: 1, when: NOW },
  'drop at the other end': { id: 'f5', kind: 'drop', role: 'server', direction: 'upstream', oneIn: 1, when: NOW },
  rate: { id: 'f6', kind: 'rate', role: 'client', kilobytesPerSecond: 1, when: NOW },
  'kill-socket': { id: 'f7', kind: 'kill-socket', role: 'client', peerTold: true, when: NOW },
  'kill-socket unawares': { id: 'f8', kind: 'kill-socket', role: 'server', peerTold: false, when: NOW },
  'hang-connect': { id: 'f9', kind: 'hang-connect', when: NOW },
} as const satisfies Record<string, PacketFault>;

/** One of each kind that a rule of the client's network makes. */
const LEFT_IN_FORCE: readonly PacketFault[] = [
  FAULTS['drop what comes'],
  { ...FAULTS['drop what is sent'], oneIn: 5 },
  FAULTS.rate,
  { ...FAULTS['kill-socket'], peerTold: false },
  FAULTS['hang-connect'],
  { id: 'f11', kind: 'reject', icmp: 'host-unreachable', when: NOW },
];

/** What is told of the containers, in this order, when a fault comes and when it is lifted. */
const STATES: Readonly<Record<string, { done: readonly string[]; undone: readonly string[] }>> = {
  cut: { done: ['client detached'], undone: ['client attached'] },
  restart: { done: ['server detached', 'server killed'], undone: ['server running', 'server attached'] },
};

describe.skipIf(skipWithoutEngine)('a fault of the network', { timeout: 120_000 }, () => {
  let engine: Engine;
  let run: DockerRun;
  let faults: NetworkFaults;
  let server: Container;
  let serverAddress: string;
  let client: Container;
  let helperImage: string;
  /** What the client has printed, the newest last. */
  const told: string[] = [];

  beforeAll(async () => {
    engine = await openEngine();
    run = await DockerRun.begin();
    const images = new Images(engine);
    const [helper, node] = await Promise.all([images.get(NETWORK_HELPER_IMAGE), images.get(WIRE_IMAGE)]);
    helperImage = helper.id;
    const name = `halfopen-${run.name}-network`;
    const Labels = { [RUN_LABEL]: run.name };
    await engine.createNetwork({ Name: name, Internal: true, Labels });
    const make = (program: readonly string[], alias: string) =>
      engine.createContainer({
        Image: node.id,
        Labels,
        Entrypoint: ['node', '--eval', ...program],
        Cmd: [],
        HostConfig: { NetworkMode: name, Init: true },
        NetworkingConfig: { EndpointsConfig: { [name]: { Aliases: [alias] } } },
      });
    server = await make([SERVER], 'server');
    await server.start();
    serverAddress = Object.values((await server.inspect()).NetworkSettings.Networks)[0]?.IPAddress ?? '';
    client = await make([CLIENT, serverAddress], 'client');
    await client.start();
    const output = await client.logs({ follow: true, stdout: true, stderr: true });
    const lines = new PassThrough();
    client.modem.demuxStream(output, lines, lines);
    createInterface({ input: lines }).on('line', (line) => told.push(line));
    const container = (role: 'server' | 'client') => (role === 'server' ? server : client);
    const onSpoilt = () => expect.unreachable();
    const image = () => Promise.resolve(helperImage);
    faults = new NetworkFaults({ engine, run: run.name, helperImage: image, container, onSpoilt });
  }, 300_000);

  afterAll(async () => {
    await faults[Symbol.asyncDispose]();
    await run[Symbol.asyncDispose]();
  });

  /** Waits until the client prints something that is wanted, from now on. */
  const until = async (wanted: (line: string) => boolean): Promise<string> => {
    let next = told.length;
    for (;;) {
      for (; next < told.length; next += 1) if (wanted(told[next] ?? '')) return told[next] ?? '';
      await delay(5);
    }
  };
  const answered = (line: string): boolean => Number(line) > 0;
  /** Two counts in a row without an answer, whatever is told between them: a client that was kept from running may print one. */
  const silence = async (): Promise<void> => {
    let silent = 0;
    await until((line) => {
      if (line === '0') silent += 1;
      else if (answered(line)) silent = 0;
      return silent === 2;
    });
  };
  const ended = (line: string): boolean => /^E[A-Z]+$/.test(line);

  beforeEach(async () => {
    await until(answered);
  });

  test.for(['cut', 'drop what comes', 'drop what is sent', 'drop at the other end', 'restart'] as const)(
    '%s: there is silence while it lasts, and answers again once it is lifted',
    async (name) => {
      const states: string[] = [];
      const inForce = await faults.install(FAULTS[name], (role, state) => states.push(`${role} ${state}`));
      expect(states).toEqual(STATES[name]?.done ?? []);
      await silence();
      const proof = (await inForce.lift?.()) ?? inForce.delivery;
      expect(states).toEqual([...(STATES[name]?.done ?? []), ...(STATES[name]?.undone ?? [])]);
      expect(proof?.grade).toBe(name.startsWith('drop') ? 'kernel' : 'engine');
      await until(answered);
    },
  );

  test('rate: answers come no faster than the link lets them, and freely again after it', async () => {
    const count = (line: string): boolean => /^\d+$/.test(line);
    const inForce = await faults.install(FAULTS.rate);
    // What the bucket lets through at once has gone by then. Asked for while they wait, answers come several at a time.
    const second: number[] = [];
    await until((line) => {
      if (count(line)) second.push(Number(line));
      const lately = second.slice(-SECOND_LINES);
      return lately.length === SECOND_LINES && lately.reduce((sum, each) => sum + each, 0) <= SLOW_ANSWERS;
    });
    const proof = await inForce.lift?.();
    expect(proof).toMatchObject({ grade: 'kernel', proof: expect.stringContaining('wait') as string });
    expect(proof?.count).toBeGreaterThan(0);
    await until((line) => count(line) && Number(line) >= 4);
  });

  test('kill-socket: the connection is aborted at once, and the kernel says how many were', async () => {
    const aborted = until(ended);
    const { delivery, lift } = await faults.install(FAULTS['kill-socket']);
    expect(delivery).toMatchObject({ grade: 'kernel', count: 1 });
    expect(lift).toBeNull();
    expect(await aborted).toBe('ECONNABORTED');
    await until(answered);
  });

  test('kill-socket leaves alone, and does not count, a connection that both sides have ended', async () => {
    const Cmd = ['node', '--eval', END_ONE, serverAddress];
    const ending = await client.exec({ Cmd, AttachStdout: true, AttachStderr: true });
    const [waiting] = (await once(createInterface({ input: await ending.start({}) }), 'line')) as [string];
    expect(waiting).toContain('in TIME_WAIT');
    const aborted = until(ended);
    expect((await faults.install(FAULTS['kill-socket'])).delivery).toMatchObject({ count: 1 });
    await aborted;
    await until(answered);
  });

  test('kill-socket that the peer is not told of: it hears nothing until that is lifted, and then of a reset', async () => {
    const inForce = await faults.install(FAULTS['kill-socket unawares']);
    await silence();
    const reset = until(ended);
    expect(await inForce.lift?.()).toMatchObject({ grade: 'kernel', count: 1 });
    expect(await reset).toBe('ECONNRESET');
    await until(answered);
  });

  test('hang-connect: connections that stand go on, and none is opened until it is lifted', async () => {
    const inForce = await faults.install(FAULTS['hang-connect']);
    await until(answered);
    const aborted = until(ended);
    await faults.install(FAULTS['kill-socket']);
    await aborted;
    await silence();
    expect(told.slice(told.lastIndexOf('ECONNABORTED'))).not.toContain('connected');
    const proof = await inForce.lift?.();
    expect(proof?.count).toBeGreaterThanOrEqual(1);
    await until(answered);
  });

  test.for([
    ['net-unreachable', 'ENETUNREACH'],
    ['host-unreachable', 'EHOSTUNREACH'],
    ['prot-unreachable', 'ENOPROTOOPT'],
    ['port-unreachable', 'ECONNREFUSED'],
    ['admin-prohibited', 'EHOSTUNREACH'],
  ] as const)('reject: connections that stand go on, and one that is opened meets %s, %s', async ([icmp, code]) => {
    const inForce = await faults.install({ id: 'f11', kind: 'reject', icmp, when: NOW });
    await until(answered);
    const aborted = until(ended);
    await faults.install(FAULTS['kill-socket']);
    expect(await aborted).toBe('ECONNABORTED');
    expect(await until(ended)).toBe(code);
    expect(told.slice(told.lastIndexOf('ECONNABORTED'))).not.toContain('connected');
    const proof = await inForce.lift?.();
    expect(proof).toMatchObject({ grade: 'kernel', proof: expect.stringContaining('ICMP error') as string });
    expect(proof?.count).toBeGreaterThanOrEqual(1);
    await until(answered);
  });

  test('a reject that meets no opening proves nothing', async () => {
    const inForce = await faults.install({ id: 'f12', kind: 'reject', icmp: 'host-unreachable', when: NOW });
    await until(answered);
    expect(inForce.delivery).toBeNull();
    expect(await inForce.lift?.()).toBeNull();
  });

  test('a drop that meets no packet proves nothing', async () => {
    const idle = await engine.createContainer({
      Image: helperImage,
      Labels: { [RUN_LABEL]: run.name },
      OpenStdin: true,
      HostConfig: { AutoRemove: true },
    });
    await idle.start();
    const container = () => idle;
    const none = new NetworkFaults({
      engine,
      run: run.name,
      helperImage: () => Promise.resolve(helperImage),
      container,
      onSpoilt: () => expect.unreachable(),
    });
    const inForce = await none.install({ ...FAULTS['drop what is sent'], id: 'f10' });
    expect(inForce.delivery).toBeNull();
    expect(await inForce.lift?.()).toBeNull();
    await none[Symbol.asyncDispose]();
    await idle.remove({ force: true });
  });

  test('what was made ready asks the engine nothing about the container when its moment comes', async () => {
    await faults.prepare(FAULTS['drop what is sent']);
    using asked = vi.spyOn(client, 'inspect').mockRejectedValue(new Error('asked too late'));
    const inForce = await faults.install(FAULTS['drop what is sent']);
    expect(asked).not.toHaveBeenCalled();
    await silence();
    await inForce.lift?.();
    await until(answered);
  });

  test('a container that starts again has a new helper, and the old one goes', async () => {
    const again = await engine.createContainer({
      Image: helperImage,
      Labels: { [RUN_LABEL]: run.name },
      OpenStdin: true,
      HostConfig: { AutoRemove: false },
    });
    await again.start();
    const container = () => again;
    const onSpoilt = () => expect.unreachable();
    const image = () => Promise.resolve(helperImage);
    await using one = new NetworkFaults({ engine, run: run.name, helperImage: image, container, onSpoilt });
    const helpers = async (): Promise<string[]> => {
      const all = await engine.listContainers({ filters: { label: [`${RUN_LABEL}=${run.name}`] } });
      const joined = all.filter(({ HostConfig }) => HostConfig.NetworkMode === `container:${again.id}`);
      return joined.map(({ Id }) => Id);
    };
    await one.prepare(FAULTS.rate);
    const first = await helpers();
    await again.restart({ t: 0 });
    await one.prepare(FAULTS.rate);
    const second = await helpers();
    expect([first, second]).toMatchObject([{ length: 1 }, { length: 1 }]);
    expect(second).not.toEqual(first);
    await again.remove({ force: true });
  });

  test('the helper holds NET_ADMIN in that namespace and nothing else, and is limited', async () => {
    await faults.prepare(FAULTS.rate);
    const containers = await engine.listContainers({ filters: { label: [`${RUN_LABEL}=${run.name}`] } });
    const helpers = await Promise.all(
      containers.filter(({ ImageID }) => ImageID === helperImage).map(({ Id }) => engine.getContainer(Id).inspect()),
    );
    expect(helpers.length).toBeGreaterThan(0);
    for (const { HostConfig } of helpers) {
      expect(HostConfig.CapDrop).toEqual(['ALL']);
      expect(HostConfig.CapAdd?.map((name: string) => name.replace('CAP_', ''))).toEqual(['NET_ADMIN']);
      expect(HostConfig.NetworkMode).toMatch(/^container:/);
      expect(HostConfig.ReadonlyRootfs).toBe(true);
      expect(HostConfig.SecurityOpt).toContain('no-new-privileges:true');
      expect(HostConfig.PidsLimit).toBeGreaterThan(0);
      expect(HostConfig.Memory).toBeGreaterThan(0);
    }
  });

  test('a harness that is killed in the middle leaves no rule: the helper takes it back by itself', async ({
    onTestFinished,
  }) => {
    const rules = async (): Promise<number> => {
      await using watcher = await startHelper(engine, run.name, helperImage, client);
      return await watcher.ask({ do: 'count-rules' });
    };
    const program = `
      import { openEngine } from ${module('../engine.ts')};
      import { NetworkFaults } from ${module('network-faults.ts')};
      const engine = await openEngine();
      const faults = new NetworkFaults({
        engine,
        run: ${JSON.stringify(run.name)},
        helperImage: () => Promise.resolve(${JSON.stringify(helperImage)}),
        container: () => engine.getContainer(${JSON.stringify(client.id)}),
        onSpoilt: () => {},
      });
      for (const fault of ${JSON.stringify(LEFT_IN_FORCE)}) await faults.install(fault);
      console.log('in force');
      setInterval(() => {}, 1000);
    `;
    const harness = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void harness.kill('SIGKILL'));
    await once(createInterface({ input: harness.stdout }), 'line');
    await silence();
    expect(await rules()).toBe(LEFT_IN_FORCE.length);
    harness.kill('SIGKILL');
    await until(answered);
    expect(await rules()).toBe(0);
  });
});

function module(path: string): string {
  return JSON.stringify(fileURLToPath(new URL(path, import.meta.url)));
}
