import { expect, test } from 'vitest';

import { demandComposeFile } from './compose-file.ts';
import { isOldCompose } from './compose-version.ts';
import { standInForDocker } from './docker-for-tests.ts';
import { examineTools } from './doctor-tools.ts';

test.for([
  ['Docker Compose version v2.19.1', true],
  ['1.29.2', true],
  ['2.20.0', false],
  ['2.26.1-4', false],
  ['v5.0.1', false],
  ['dev', false],
] as const)('Compose is old before 2.20: %s', ([said, isOld]) => {
  expect(isOldCompose(said)).toBe(isOld);
});

const OLD = `
if [ "$3" = --short ]; then echo 2.17.3
elif [ "$2" = version ]; then echo "Docker Compose version v2.17.3"
fi`;

test('one that is old is told before anything else of it, with what to install', async () => {
  await using _ = await standInForDocker(OLD);
  await expect(demandComposeFile(new AbortController().signal)).rejects.toMatchObject({
    message: 'Docker Compose 2.17.3 is too old',
    remedy: 'install the Docker Compose plugin (2.20 or later)',
  });
  expect((await examineTools())[0]).toEqual({
    what: 'docker compose',
    there: false,
    found: 'Docker Compose version v2.17.3',
    remedy: 'install the Docker Compose plugin (2.20 or later)',
  });
});
