import { afterEach, expect, test, vi } from 'vitest';

import { refusalBy } from './image-refusal.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const SECURE = '[name=seccomp,profile=builtin name=cgroupns]';

test('a rootless engine is called that: neither the machine nor DOCKER_HOST is in the way', () => {
  vi.stubEnv('DOCKER_HOST', undefined);
  const { message, remedy } = refusalBy(
    'Ubuntu 24.04.1 LTS [name=seccomp,profile=builtin name=rootless name=cgroupns]',
  );
  expect(message).toContain('by a rootless engine');
  expect(remedy).toContain('"halfopen check CMD..."');
  expect(remedy).not.toContain('unset DOCKER_HOST');
});

test('Docker Desktop’s engine is told to be in a virtual machine', () => {
  expect(refusalBy(`Docker Desktop ${SECURE}`).message).toContain('in a virtual machine');
});

test.for([
  ['tcp://elsewhere:2375', true],
  [undefined, false],
] as const)('of an engine elsewhere, DOCKER_HOST is to be unset only where it is set: %s', ([named, isToldToUnset]) => {
  vi.stubEnv('DOCKER_HOST', named);
  const { message, remedy } = refusalBy(`Debian GNU/Linux 12 (bookworm) ${SECURE}`);
  expect(message).toContain('only where its engine runs');
  expect(remedy.includes('unset DOCKER_HOST')).toBe(isToldToUnset);
});
