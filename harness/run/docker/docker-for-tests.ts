/**
 * For the tests: a command in the place of Docker's own, to see what it is called with.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { vi } from 'vitest';

export interface StandIn extends AsyncDisposable {
  readonly folder: string;
}

/** Puts a shell script before all else on the PATH, until the end of the test's scope; `$FOLDER` is a folder of its own. */
export async function standInForDocker(script: string): Promise<StandIn> {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-docker-'));
  await writeFile(join(folder, 'docker'), `#!/bin/sh\nFOLDER='${folder}'\n${script}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  return {
    folder,
    [Symbol.asyncDispose]: async () => {
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true });
    },
  };
}
