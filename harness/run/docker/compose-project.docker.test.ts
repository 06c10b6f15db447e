import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import type { Role } from '../../contract/words.ts';
import { ComposeProject } from './compose-project.ts';
import { startInContainer } from './container-process.ts';
import type { Place } from './container-process.ts';
import { DockerRun } from './docker-run.ts';
import { openEngine, RUN_LABEL } from './engine.ts';
import type { Container, Engine } from './engine.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';
import { Images, WIRE_IMAGE } from './images.ts';
import { killMarked } from './kill-helper.ts';

/** Tries to reach an address; says what came of it. */
const REACH = `
const [host, port] = process.argv.slice(1);
const socket = require('node:net').connect({ host, port: Number(port), timeout: 1500 });
const say = (word) => { console.log(word); process.exit(); };
socket.on('connect', () => say('connected')).on('timeout', () => say('silence')).on('error', (error) => say(error.code));
`;

/** Makes a file; says what came of it. A folder that is only another user's would refuse with another word. */
const WRITE = `
try { require('node:fs').writeFileSync(process.argv[1], ''); console.log('written'); }
catch (error) { console.log(error.code); }
`;

describe.skipIf(skipWithoutEngine)('a cell of the compose file', { timeout: 120_000 }, () => {
  let engine: Engine;
  let run: DockerRun;
  let name: string;
  let project: ComposeProject;
  let wireImage: string;

  beforeAll(async () => {
    engine = await openEngine();
    run = await DockerRun.begin();
    name = `halfopen-${run.name}-compose`;
    const images = new Images(engine);
    const [node, wire] = await Promise.all([images.get('halfopen/node-subject:dev'), images.get(WIRE_IMAGE)]);
    wireImage = wire.id;
    const first = { server: node, client: node, wire: wire.id };
    const { signal } = new AbortController();
    project = await ComposeProject.up(engine, { name, run: run.name, images: first, isHere: true, signal });
  }, 300_000);

  afterAll(() => run[Symbol.asyncDispose]());

  const placeOf = (role: Role): Place => {
    const container = project.container(role);
    const help = { engine, run: run.name, image: wireImage };
    return {
      container,
      role,
      onKill: () => {},
      onContainer: () => undefined,
      killMarked: (mark) => killMarked(help, container, mark),
    };
  };

  const reach = async (host: string, port: number, from: Role = 'client'): Promise<string> => {
    const command = ['node', '-e', REACH, host, String(port)];
    const trying = await startInContainer(placeOf(from), command, {});
    return (await text(trying.stdout)).trim();
  };

  test('what a subject leaves running in its container is ended, also in a session of its own', async () => {
    const leave = `require('node:child_process').spawn('sleep', ['301'], { detached: true, stdio: 'ignore' }).unref();`;
    const leaving = await startInContainer(placeOf('client'), ['node', '-e', leave], {});
    leaving.stdout.resume();
    await leaving.exited;
    expect(await leaving.endLeftBehind?.()).toHaveLength(1);
    const sleeping = async (): Promise<boolean> =>
      JSON.stringify(await project.container('client').top()).includes('sleep 301');
    await expect.poll(sleeping).toBe(false);
  });

  const addressOf = async (service: 'server' | 'proxy', network: string): Promise<string> => {
    const { NetworkSettings } = await project.container(service).inspect();
    return NetworkSettings.Networks[`${name}_${network}`]?.IPAddress ?? '';
  };

  test('the client reaches the proxy, by name', async () => {
    expect(await reach('proxy', 8474)).toBe('connected');
  });

  test('the client can neither resolve the server nor reach its address', async () => {
    const server = await addressOf('server', 'server-side');
    expect(server).toMatch(/^\d+\./);
    expect(await reach('server', 8474)).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
    expect(await reach(server, 8474)).toMatch(/^(ENETUNREACH|EHOSTUNREACH|silence)$/);
    expect(await reach(await addressOf('proxy', 'server-side'), 8474)).toMatch(/^(ENETUNREACH|EHOSTUNREACH|silence)$/);
  });

  test('neither subject reaches this machine, whatever listens here', async () => {
    const server = createServer((socket) => socket.end()).listen(0, '0.0.0.0');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    for (const network of ['client-side', 'server-side']) {
      const { IPAM } = await engine.getNetwork(`${name}_${network}`).inspect();
      const first = IPAM?.Config?.[0]?.Subnet?.replace(/\d+\/\d+$/, '1') ?? '';
      expect(first).toMatch(/^\d+\.\d+\.\d+\.1$/);
      const role = network === 'client-side' ? 'client' : 'server';
      expect(await reach(first, port, role)).toMatch(/^(ENETUNREACH|EHOSTUNREACH|silence)$/);
    }
    server.close();
  });

  test('a subject can write nowhere, is nobody special and has no way to become so', async () => {
    for (const service of ['server', 'client', 'wire'] as const) {
      const { HostConfig, Config } = await project.container(service).inspect();
      expect(HostConfig.ReadonlyRootfs).toBe(true);
      expect(HostConfig.CapDrop).toEqual(['ALL']);
      expect(HostConfig.SecurityOpt).toContain('no-new-privileges:true');
      expect(HostConfig.PidsLimit).toBeGreaterThan(0);
      expect(HostConfig.Memory).toBeGreaterThan(0);
      expect(Config.User).toBe('node');
    }
  });

  test.each(['server', 'client'] as const)(
    'a write to the root of the %s is refused by its file system',
    async (role) => {
      const writing = await startInContainer(placeOf(role), ['node', '-e', WRITE, '/written'], {});
      expect((await text(writing.stdout)).trim()).toBe('EROFS');
    },
  );

  test('a write to the root of the proxy is refused by its file system', async () => {
    // Nothing in its image writes a file: one beside it does, as the same user, by way of its process.
    const { id } = project.container('proxy');
    const beside = ['--pid', `container:${id}`, '--user', '65534:65534', '--cap-drop', 'ALL', '--network', 'none'];
    const labels = ['--label', `${RUN_LABEL}=${run.name}`, '--entrypoint', 'node'];
    const command = ['run', '--rm', ...beside, ...labels, wireImage, '-e', WRITE, '/proc/1/root/written'];
    expect((await promisify(execFile)('docker', command)).stdout.trim()).toBe('EROFS');
  });

  test('what a shell has set for the compose file changes nothing of a cell', async () => {
    const file = await readFile(fileURLToPath(new URL('../../../docker-compose.yml', import.meta.url)), 'utf8');
    const names = new Set(file.match(/(?<=\$\{)HALFOPEN_\w+/g));
    for (const each of names) vi.stubEnv(each, '3');
    vi.stubEnv('COMPOSE_PROFILES', 'report');
    vi.stubEnv('DOCKER_DEFAULT_PLATFORM', 'linux/s390x');
    // Compose asks the engine that was found, not the one of a context, which is elsewhere or nowhere.
    vi.stubEnv('DOCKER_HOST', undefined);
    vi.stubEnv('DOCKER_CONTEXT', 'halfopen-nowhere');
    const { signal } = new AbortController();
    const [node, other] = [await new Images(engine).get('halfopen/node-subject:dev'), `${name}-other`];
    const images = { server: node, client: node, wire: wireImage };
    await using another = await ComposeProject.up(engine, { name: other, run: run.name, images, isHere: true, signal });
    vi.unstubAllEnvs();
    const madeOf = async (container: Container) => {
      const { Config, HostConfig, Image } = await container.inspect();
      const { Sysctls, Memory, MemorySwap, NanoCpus, Ulimits } = HostConfig;
      return { Image, user: Config.User, Sysctls, Memory, MemorySwap, NanoCpus, Ulimits };
    };
    for (const service of ['server', 'client', 'proxy', 'wire'] as const) {
      expect(await madeOf(another.container(service))).toEqual(await madeOf(project.container(service)));
    }
    const filters = { label: [`com.docker.compose.project=${other}`] };
    expect(await engine.listContainers({ all: true, filters })).toHaveLength(4);
  });

  test('nothing is published but the proxies, and that only on 127.0.0.1', async () => {
    for (const service of ['server', 'client', 'proxy', 'wire'] as const) {
      const bindings = Object.values((await project.container(service).inspect()).NetworkSettings.Ports).flat();
      const hosts = bindings.flatMap((binding) => binding?.HostIp ?? []);
      expect(hosts).toEqual(service === 'proxy' || service === 'wire' ? ['127.0.0.1'] : []);
    }
  });

  test("a role's container is replaced by one of another image, and the others stay", async () => {
    const before = project.container('client').id;
    const python = await new Images(engine).get('halfopen/python-subject:dev');
    await project.use({ server: python });
    expect((await project.container('server').inspect()).Image).toBe(python.id);
    expect(project.container('client').id).toBe(before);
  });

  test('one process of a container is killed by a helper beside it, whoever it runs as, and the others go on', async () => {
    const container = project.container('server');
    const mark = randomUUID();
    const kill = (which: string) => killMarked({ engine, run: run.name, image: wireImage }, container, which);
    const marked = await container.exec({ Cmd: ['sleep', '60'], Env: [`MARK=${mark}`], AttachStdout: true });
    const stream = await marked.start({});
    const ended = once(stream.resume(), 'close');
    expect(await kill(randomUUID())).toBe(false);
    expect(await kill(mark)).toBe(true);
    await ended;
    expect((await marked.inspect()).ExitCode).toBe(137);
    expect((await container.inspect()).State.Running).toBe(true);
  });
});
