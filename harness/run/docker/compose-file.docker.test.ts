/** What stands in docker-compose.yml for every service, whichever profile it belongs to: read, nothing is started. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { composeProblem } from './compose-file.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PROFILES = ['cell', 'wire', 'harness', 'engine', 'report'];
/** Images whose own user is nobody special. */
const OWN_USER = /^halfopen\/(node-subject|python-subject|go-subject|wire-proxy|place):dev$/;
const SOCKET = '/var/run/docker.sock';

interface Service {
  readonly image: string;
  readonly build?: object;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: string[];
  readonly cap_add?: string[];
  readonly privileged?: boolean;
  readonly security_opt?: string[];
  readonly pids_limit?: number;
  readonly mem_limit?: string;
  readonly healthcheck?: object;
  readonly ports?: { host_ip?: string; target: number }[];
  readonly volumes?: { source: string; target: string; read_only?: boolean }[];
  readonly logging?: { options?: Record<string, string> };
  readonly networks?: Record<string, object | null>;
}

interface Project {
  readonly services: Record<string, Service>;
  readonly networks: Record<string, { internal?: boolean }>;
}

describe.skipIf(skipWithoutEngine)('each service of the compose file', () => {
  let project: Project;

  beforeAll(async () => {
    const profiles = PROFILES.flatMap((profile) => ['--profile', profile]);
    const config = ['compose', ...profiles, 'config', '--format', 'json'];
    const { stdout } = await promisify(execFile)('docker', config, { cwd: ROOT });
    project = JSON.parse(stdout) as Project;
  });

  const all = () => Object.entries(project.services);

  const configOf = async (...args: string[]): Promise<Project['services']> => {
    const command = ['compose', ...args, '--format', 'json'];
    const { stdout } = await promisify(execFile)('docker', command, { cwd: ROOT });
    return (JSON.parse(stdout) as Project).services;
  };

  test('that makes the suite from inside has an image of its own that one command builds, or pulls one', async () => {
    const made = Object.values(await configOf('--profile', 'harness-images', 'config'));
    const built = made.flatMap(({ image, build }) => (build === undefined ? [] : [image]));
    const inside = Object.entries(await configOf('config', 'harness'));
    expect(inside.map(([name]) => name)).toContain('wire');
    const own = inside.map(([, { image }]) => image).filter((image) => image.startsWith('halfopen/'));
    expect(own.filter((image) => !built.includes(image))).toEqual([]);
  });

  test('is not started for the reports, their own apart', async () => {
    expect(Object.keys(await configOf('config', 'report'))).toEqual(['report']);
    expect(Object.keys(await configOf('--profile', 'report', 'config'))).toEqual(['report']);
  });

  test('is of a cell, and no more, where nothing is named', async () => {
    expect(Object.keys(await configOf('config')).toSorted()).toEqual(['client', 'proxy', 'server']);
  });

  test('there are those of a cell, the suite from inside, and the reports', () => {
    expect(Object.keys(project.services).sort()).toEqual(
      [
        'client',
        'client-place',
        'harness',
        'harness-with-engine',
        'proxy',
        'report',
        'server',
        'server-place',
        'wire',
      ].sort(),
    );
  });

  test('can write nowhere, has no capability and no way to one, and is limited', () => {
    for (const [name, service] of all()) {
      expect(service, name).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        pids_limit: expect.any(Number) as number,
        mem_limit: expect.anything() as string,
        logging: { options: { 'max-size': '1m' } },
      });
      expect(service.cap_add ?? [], name).toEqual([]);
      expect(service.privileged ?? false, name).toBe(false);
    }
  });

  test('is nobody special', () => {
    const isNobody = ({ user = '', image }: Service) => (user === '' ? OWN_USER.test(image) : /^[1-9]\d*:/.test(user));
    expect(all().filter(([, service]) => !isNobody(service))).toEqual([]);
  });

  test('is published on 127.0.0.1 alone, if at all, and never with the port that carries data', () => {
    const published = all().flatMap(([name, { ports = [] }]) => ports.map((port) => ({ name, ...port })));
    expect(published.map(({ host_ip }) => host_ip)).toEqual(published.map(() => '127.0.0.1'));
    expect(published.map(({ name, target }) => `${name} ${target}`).sort()).toEqual([
      'proxy 8474',
      'report 8080',
      'wire 8474',
    ]);
    expect(all().filter(([, { healthcheck }]) => healthcheck !== undefined)).toEqual([]);
  });

  test('has the engine’s socket in one profile, and no other folder but that of the reports', () => {
    const mounts = all().flatMap(([name, { volumes = [] }]) => volumes.map(({ target }) => `${name} ${target}`));
    expect(mounts.sort()).toEqual(
      [
        'harness /app/reports',
        'harness-with-engine /app/reports',
        `harness-with-engine ${SOCKET}`,
        'report /reports',
      ].sort(),
    );
    expect(project.services['report']?.volumes?.[0]?.read_only).toBe(true);
  });

  test('of a place meets the other place only in the proxies', () => {
    const networksOf = (name: string): string[] => Object.keys(project.services[name]?.networks ?? {});
    for (const [server, client] of [
      ['server', 'client'],
      ['server-place', 'client-place'],
    ] as const) {
      expect(networksOf(server).filter((network) => networksOf(client).includes(network))).toEqual([]);
      for (const network of [...networksOf(server), ...networksOf(client)])
        expect(project.networks[network]?.internal, network).toBe(true);
    }
  });
});

describe.skipIf(skipWithoutEngine)('a compose file that no cell can be brought up from', () => {
  const WHOLE = `services:
  server: &subject { image: x }
  client: *subject
  proxy: &proxy { image: x, ports: ['127.0.0.1::8474'] }
  wire: *proxy
`;

  test.each([
    ['is as it should be', WHOLE, null],
    ['is empty', '', expect.stringMatching(/empty compose file/)],
    ['is not there', null, expect.stringMatching(/no such file/)],
    [
      'has another name for the proxy',
      WHOLE.replace('proxy: &', 'proxi: &'),
      expect.stringMatching(/^it has no service "proxy"$/),
    ],
    [
      'does not publish the API',
      WHOLE.replace('8474', '8475'),
      expect.stringMatching(/^its service "proxy" does not publish port 8474/),
    ],
    ['is no YAML', '{', expect.stringMatching(/yaml/)],
  ])('is told at once when it %s', async (_, content, expected) => {
    const folder = await mkdtemp(join(tmpdir(), 'halfopen-compose-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    if (content !== null) await writeFile(join(folder, 'docker-compose.yml'), content);
    expect(await composeProblem(folder)).toEqual(expected);
  });

  test('is not one in a folder named in other letters than Compose’s own', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'halfopen-compose-'));
    onTestFinished(() => rm(parent, { recursive: true }));
    const folder = join(parent, '半开');
    await mkdir(folder);
    await writeFile(join(folder, 'docker-compose.yml'), WHOLE);
    expect(await composeProblem(folder)).toBeNull();
  });
});
