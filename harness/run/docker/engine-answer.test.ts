import { afterEach, expect, test, vi } from 'vitest';

import { engineHost, engineProblem, engineRemedy, namedHost, noEngine } from './engine-answer.ts';

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
