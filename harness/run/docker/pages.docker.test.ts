/** Runs the commands of the pages that need an engine as they stand there, and looks for the lines that each page shows. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { skipWithoutEngine } from './engine-for-tests.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const COMMAND = join(ROOT, 'harness/cli/halfopen.js');
const LIMIT_MS = 400_000;
const END_OF_STEP = '--- end of step';

interface Step {
  readonly commands: string;
  readonly shown: readonly string[];
}

/** A page's blocks, each with the word behind its fence. */
async function blocksOf(name: string): Promise<{ kind: string; text: string }[]> {
  const page = await readFile(join(ROOT, 'docs', name), 'utf8');
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, kind = '', text = '']) => ({ kind, text }));
}

/** A page's commands, each block with the lines shown before the next one; a configuration is put where it is looked for. */
async function stepsOf(name: string): Promise<Step[]> {
  const steps: { commands: string; shown: string[] }[] = [];
  let before = '';
  for (const { kind, text } of await blocksOf(name)) {
    if (kind === 'ts') before = `cat > halfopen.config.ts <<'END_OF_CONFIG'\n${text}END_OF_CONFIG\n`;
    if (kind === 'sh') steps.push({ commands: `${before}${text}`, shown: [] });
    if (kind === 'sh') before = '';
    if (kind === 'text') steps.at(-1)?.shown.push(...text.split('\n').filter((line) => line !== ''));
  }
  return steps;
}

/** A shown line as a pattern: `…` stands for anything. */
function pattern(line: string): RegExp {
  const parts = line.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(parts.join('.*'));
}

const PAGES = await Promise.all(
  ['compose-by-hand.md', 'in-docker.md'].map(async (name) => ({ name, steps: await stepsOf(name) })),
);

describe.skipIf(skipWithoutEngine).each(PAGES)('the page $name', ({ name, steps }) => {
  let outputs: string[] = [];
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'halfopen-page-'));
    const reports = join(folder, 'reports');
    await mkdir(reports);
    // The harness runs as somebody else.
    await chmod(reports, 0o777);
    const script = steps.map(({ commands }) => `${commands}\necho '${END_OF_STEP}'`).join('\n');
    const env = {
      ...process.env,
      CI: '',
      COMPOSE_FILE: join(ROOT, 'docker-compose.yml'),
      COMPOSE_PROJECT_NAME: `halfopen-page-${name.replace('.md', '')}-${process.pid}`,
      HALFOPEN_REPORTS: reports,
    };
    const run = promisify(execFile);
    const options = { cwd: folder, env, timeout: LIMIT_MS, maxBuffer: 16 * 1024 * 1024 };
    const own = script.replaceAll('npx halfopen', `'${process.execPath}' '${COMMAND}'`);
    try {
      const said = run('bash', ['-euo', 'pipefail', '-c', `exec 2>&1\n${own}`], options);
      // What was said up to the command that failed tells which that was.
      const { stdout } = await said.catch((error: unknown) => error as { stdout: string });
      outputs = stdout.split(END_OF_STEP);
    } finally {
      const profiles = ['cell', 'harness', 'report', 'engine'].flatMap((profile) => ['--profile', profile]);
      await run('docker', ['compose', ...profiles, 'down', '--timeout', '0'], options);
    }
  }, LIMIT_MS);

  afterAll(() => rm(folder, { recursive: true }));

  test('every command works, to the last', () => {
    expect(outputs, outputs.at(-1)).toHaveLength(steps.length + 1);
    expect(steps.flatMap(({ shown }) => shown).length).toBeGreaterThan(5);
  });

  test.for(steps.map((step, index) => ({ ...step, index, first: step.commands.split('\n')[0] ?? '' })))(
    'what the page shows is what comes: $first',
    ({ shown, index }) => {
      for (const line of shown) expect(outputs[index]).toMatch(pattern(line));
      expect(outputs[index]).toBeDefined();
    },
  );

  test.runIf(name === 'compose-by-hand.md')('a message that was cut is not delivered', () => {
    const cut = steps.findIndex(({ commands }) => commands.includes('limit_data'));
    expect(outputs[cut]).not.toMatch(pattern('"event":"received"…"seq":2'));
  });
});
