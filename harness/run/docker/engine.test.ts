import { expect, test } from 'vitest';

import { engineError } from './engine.ts';

test.for([
  ['could not find an available, non-overlapping IPv4 address pool among the defaults', '"halfopen clean"'],
  ['all predefined address pools have been fully subnetted', '"halfopen clean"'],
  [
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    'start it again',
  ],
  ['connect ENOENT /var/run/docker.sock', 'start it again'],
  ['no answer within 20000 ms', 'start it again'],
  ['spawn docker ENOENT', "install Docker's command"],
  [
    'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host',
    'could not be pulled',
  ],
  ['no such image: you/your-server:1', 'never looks for a subject in a registry'],
  ['no such image: registry.example/nothing:1', 'never looks for a subject in a registry'],
  ['Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available', 'fewer "cpus"'],
  ['unable to find user nosuch: no matching entries in passwd file', '"1000:1000"'],
  ['error during connect: Post "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/networks/create": EOF', 'start it again'],
  ['validating docker-compose.yml: services.server Additional property network is not allowed', 'is not valid'],
  ['write /var/lib/docker/tmp: no space left on device', 'the disk is full'],
  ['something that nobody foresaw', 'halfopen doctor'],
] as const)('what the engine says comes with what to do about it: %s', ([message, remedy]) => {
  const error = engineError('it was tried', new Error(message));
  expect(error.message).toBe(`it was tried: ${message}`);
  expect(error.remedy).toContain(remedy);
});

test('what it says in several lines is told in one', () => {
  const said = 'Error response from daemon:\n  no space left on device\r\nexit status 1\n';
  const told = 'it was tried: Error response from daemon: no space left on device exit status 1';
  expect(engineError('it was tried', new Error(said)).message).toBe(told);
});
