/** Runs the commands of `docs/compose-by-hand.md` as they stand there, and looks for the lines that the page shows. */
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { skipWithoutEngine } from './engine-for-tests.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PAGE = await readFile(new URL('../../../docs/compose-by-hand.md', import.meta.url), 'utf8');
const LIMIT_MS = 240_000;
const END_OF_STEP = '--- end of step';

interface Step {
  readonly commands: string;
  readonly shown: readonly string[];
}

/** The page's commands, each block with the lines shown before the next one. */
const STEPS: readonly Step[] = PAGE.split('```sh\n')
  .slice(1)
  .map((part) => {
    const [commands = '', ...rest] = part.split('```');
    const shown = rest.filter((block) => block.startsWith('text\n')).flatMap((block) => block.split('\n').slice(1));
    return { commands, shown: shown.filter((line) => line !== '') };
  });

/** A shown line as a pattern: `…` stands for anything. */
function pattern(line: string): RegExp {
  const parts = line.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(parts.join('.*'));
}

describe.skipIf(skipWithoutEngine)('the page on doing it by hand', () => {
  let outputs: string[] = [];

  beforeAll(async () => {
    const script = STEPS.map(({ commands }) => `${commands}\necho '${END_OF_STEP}'`).join('\n');
    const env = { ...process.env, COMPOSE_PROJECT_NAME: `halfopen-by-hand-${process.pid}` };
    const run = promisify(execFile);
    const options = { cwd: ROOT, env, timeout: LIMIT_MS };
    try {
      const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], options);
      outputs = stdout.split(END_OF_STEP);
    } finally {
      await run('docker', ['compose', 'down', '--timeout', '0'], options);
    }
  }, LIMIT_MS);

  afterAll(() => rm(`${ROOT}/server.jsonl`, { force: true }));

  test('every command works, to the last', () => {
    expect(outputs).toHaveLength(STEPS.length + 1);
    expect(STEPS.flatMap(({ shown }) => shown).length).toBeGreaterThan(5);
  });

  test.for(STEPS.map((step, index) => ({ ...step, index, first: step.commands.split('\n')[0] ?? '' })))(
    'what the page shows is what comes: $first',
    ({ shown, index }) => {
      for (const line of shown) expect(outputs[index]).toMatch(pattern(line));
      expect(outputs[index]).toBeDefined();
    },
  );

  test('a message that was cut is not delivered', () => {
    const cut = STEPS.findIndex(({ commands }) => commands.includes('limit_data'));
    expect(outputs[cut]).not.toMatch(pattern('"event":"received"…"seq":2'));
  });
});
