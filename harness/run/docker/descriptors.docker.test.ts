/**
 * That the scenario of a server without descriptors catches one that ends where it cannot accept.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { loadCatalogue } from '../../suite/catalogue.ts';
import { makeJobs } from '../../suite/job.ts';
import { runJob } from '../../suite/run-job.ts';
import { builtInSubjects } from '../../suite/subjects.ts';
import type { KnownSubject } from '../../suite/subjects.ts';
import { DockerRun } from './docker-run.ts';
import { openEngine } from './engine.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';
import { Images } from './images.ts';

const ID = 'connect/a-server-out-of-descriptors-serves-again';
const IMAGE = 'halfopen-test/ends-where-it-cannot-accept:dev';
const PROGRAM = `
import os, runpy, sys
sys.path.insert(0, "/app/services/python")
import server
server.failure_of = lambda op, error: os._exit(1)
runpy.run_path("/app/services/python/main.py", run_name="__main__")
`;
const DOCKERFILE = `FROM halfopen/python-subject:dev
COPY program.py /app/program.py
ENTRYPOINT ["python3", "-E", "-S", "/app/program.py"]
`;

describe.skipIf(skipWithoutEngine)('a server without a descriptor left', { timeout: 120_000 }, () => {
  test('passes where it goes on, and not where it ends', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'halfopen-descriptors-'));
    const engine = await openEngine();
    try {
      await writeFile(join(folder, 'program.py'), PROGRAM);
      await writeFile(join(folder, 'Dockerfile'), DOCKERFILE);
      await new Images(engine).get('halfopen/python-subject:dev');
      const build = { context: folder, dockerfile: join(folder, 'Dockerfile') };
      const ending: KnownSubject = { name: 'ending', origin: 'user', command: [], image: IMAGE, build };
      const known = await builtInSubjects();
      const named = (name: string) => known.filter((subject) => subject.name === name);
      const jobs = makeJobs({
        entries: (await loadCatalogue()).filter(({ id }) => id === ID),
        servers: [...named('python'), ending],
        clients: named('node'),
        seed: 's',
        cell: 'docker',
        proxy: 'auto',
        repeat: 1,
        missing: new Map(),
      });
      await using run = await DockerRun.begin();
      await using cell = await run.openCell();
      const verdicts: string[] = [];
      for (const job of jobs) {
        const { result } = await runJob(job, cell, folder, new AbortController().signal);
        verdicts.push(`${result.server}: ${result.verdict}`);
      }
      expect(verdicts).toEqual(['python: pass', 'ending: fail']);
    } finally {
      await rm(folder, { recursive: true });
      await engine.getImage(IMAGE).remove({ force: true });
    }
  });
});
