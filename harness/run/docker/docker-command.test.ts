import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test, vi } from 'vitest';

import { buildAt } from './build.ts';
import { composeProblem } from './compose-file.ts';
import { oldCompose } from './compose-version.ts';
import { dockerCommand } from './docker-command.ts';
import { standInForDocker } from './docker-for-tests.ts';
import { examineTools } from './doctor-tools.ts';
import { userIn } from './image-user.ts';

const NOTING = 'echo "$1 $DOCKER_HOST$DOCKER_DEFAULT_PLATFORM" >> "$FOLDER/called"';
const BUILD = { context: '.', dockerfile: 'Dockerfile' };

test.for([
  ['nobody named', undefined, 'unix:///var/run/docker.sock'],
  ['an empty name stands for', '', 'unix:///var/run/docker.sock'],
  ['was named', 'tcp://127.0.0.1:1', 'tcp://127.0.0.1:1'],
] as const)(
  'every call of Docker’s command goes to the engine that %s, whatever its context says, and for its own platform',
  async ([, named, host]) => {
    await using docker = await standInForDocker(NOTING);
    vi.stubEnv('DOCKER_HOST', named);
    vi.stubEnv('DOCKER_DEFAULT_PLATFORM', ' of another platform');
    // What was found out, and how it was built, is no matter: only whom they asked.
    await Promise.allSettled([
      dockerCommand('image'),
      buildAt(docker.folder, 'name', BUILD),
      composeProblem(),
      oldCompose(),
      examineTools(),
      userIn('image', 'somebody'),
    ]);
    const called = (await readFile(join(docker.folder, 'called'), 'utf8')).trim().split('\n');
    const asked = ['build', 'buildx', 'compose', 'compose', 'compose', 'compose', 'cp', 'create', 'image', 'rm'];
    expect(called.toSorted()).toEqual(asked.map((word) => `${word} ${host}`));
  },
);
