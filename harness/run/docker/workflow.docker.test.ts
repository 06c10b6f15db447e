/** The lines of our own CI workflow that need an engine, run as its machine would. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { YAML } from 'zx';

import { skipWithoutEngine } from './engine-for-tests.ts';

const WORKFLOW = fileURLToPath(new URL('../../../.github/workflows/resilience.yml', import.meta.url));

interface Workflow {
  readonly jobs: { readonly check: { readonly steps: readonly { readonly name?: string; readonly run?: string }[] } };
}

/** Before the engine's own command: writes down which containers were made, since nobody here throws the machine away. */
const NOTING = `#!/bin/sh
real=$(PATH=\${PATH#*:} command -v docker)
[ "$1" = create ] || exec "$real" "$@"
"$real" "$@" | tee -a "$RUNNER_TEMP/made"
`;

test.skipIf(skipWithoutEngine)(
  'the real Toxiproxy is taken out of its image, and the later steps find it',
  async () => {
    const { jobs } = YAML.parse(await readFile(WORKFLOW, 'utf8')) as Workflow;
    const step = jobs.check.steps.find(({ name = '' }) => name.startsWith('Real Toxiproxy'));
    const folder = await mkdtemp(join(tmpdir(), 'halfopen-workflow-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'docker'), NOTING, { mode: 0o755 });
    const variables = join(folder, 'variables');
    const env = {
      ...process.env,
      PATH: `${folder}:${process.env['PATH']}`,
      RUNNER_TEMP: folder,
      GITHUB_ENV: variables,
    };
    // What does not end is named by its command, and not by the test's own limit.
    const run = (command: string, args: readonly string[], options = {}) =>
      promisify(execFile)(command, args, { ...options, timeout: 240_000 });
    try {
      await run('bash', ['-eo', 'pipefail', '-c', step?.run ?? 'exit 9'], { env });
    } finally {
      const made = (await readFile(join(folder, 'made'), 'utf8')).split('\n').filter((id) => id !== '');
      // Where none was made, that is what is told of.
      if (made.length > 0) await run('docker', ['rm', ...made]);
    }
    const [, server = ''] = /^TOXIPROXY_SERVER=(.*)\n$/.exec(await readFile(variables, 'utf8')) ?? [];
    const { stdout } = await run(server, ['--version']);
    expect(stdout).toContain('2.12.0');
  },
);
