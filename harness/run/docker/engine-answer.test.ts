import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, expect, onTestFinished, test, vi } from 'vitest';

import { engineHost, engineProblem, engineRemedy, firstThatAnswers, namedHost, noEngine } from './engine-answer.ts';
import { placesOfEngines } from './engine-places.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test.for([
  ['nonsense', 'write it as unix:///var/run/docker.sock'],
  ['ssh://me@elsewhere', 'forward its socket'],
] as const)('an address that cannot be used is named, with what to write: %s', async ([host, remedy]) => {
  vi.stubEnv('DOCKER_HOST', host);
  const problem = (await engineProblem()) ?? '';
  expect(problem).toContain(`DOCKER_HOST "${host}" is not an address`);
  expect(engineRemedy(problem)).toContain(remedy);
});

test('an empty DOCKER_HOST names no engine, as for Docker’s own command', () => {
  vi.stubEnv('DOCKER_HOST', '');
  expect([namedHost(), engineHost()]).toEqual([null, 'unix:///var/run/docker.sock']);
});

test('where the engine has to be started there is no other remedy, and the error says so', async () => {
  vi.stubEnv('DOCKER_HOST', 'unix:///nonexistent/docker.sock');
  const problem = (await engineProblem()) ?? '';
  expect(engineRemedy(problem)).toBeNull();
  expect(noEngine(problem).remedy).toContain('start Docker');
});

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-places-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** Answers as an engine does. */
async function answersAt(path: string): Promise<string> {
  const server = createServer((_request, response) => response.end('OK')).listen(path);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `unix://${path}`;
}

test('an engine that nobody named is the first that answers, whatever socket another has left behind', async () => {
  const folder = await emptyFolder();
  const left = join(folder, 'left.sock');
  await writeFile(left, '');
  const rootless = await answersAt(join(folder, 'rootless.sock'));
  const desktop = await answersAt(join(folder, 'desktop.sock'));
  const hosts = [`unix://${folder}/none.sock`, `unix://${left}`, rootless, desktop];
  expect(await firstThatAnswers(hosts)).toEqual({ host: rootless, problem: null });
});

test('where none answers, what is wrong with each that there is is said', async () => {
  const folder = await emptyFolder();
  const left = ['one.sock', 'other.sock'].map((name) => join(folder, name));
  for (const path of left) await writeFile(path, '');
  const { host, problem } = await firstThatAnswers([
    `unix://${folder}/none.sock`,
    ...left.map((path) => `unix://${path}`),
  ]);
  expect(host).toBeNull();
  expect(problem?.split('; ')).toEqual(
    left.map((path) => expect.stringContaining(`unix://${path}: connect`) as string),
  );
});

test('it is looked for where the client library looks, in its order', async () => {
  const home = await emptyFolder();
  vi.stubEnv('HOME', home);
  vi.stubEnv('XDG_RUNTIME_DIR', '/run/user/7');
  await writeFile(
    join(home, '.testcontainers.properties'),
    'docker.host=tcp\\://elsewhere\\:2375\ntc.host = tcp://127.0.0.1:9\n',
  );
  expect(placesOfEngines()).toEqual([
    'tcp://127.0.0.1:9',
    'tcp://elsewhere:2375',
    'unix:///var/run/docker.sock',
    'unix:///run/user/7/docker.sock',
    `unix://${home}/.docker/run/docker.sock`,
    `unix://${home}/.docker/desktop/docker.sock`,
    `unix:///run/user/${process.getuid?.()}/docker.sock`,
  ]);
});
