/**
 * Every shell command of the pages that are about the command is run, in order, and must end well.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const page = (name: string): Promise<string> => readFile(join(ROOT, 'docs', name), 'utf8');

function run(command: string): Promise<{ status: number | string | null; output: string }> {
  const env = { ...process.env, PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}` };
  const own = command.replace('npx halfopen', `node ${ROOT}harness/cli/halfopen.js`);
  return new Promise((resolve) => {
    execFile('sh', ['-c', own], { cwd: ROOT, env }, (error, out, err) =>
      resolve({ status: error === null ? 0 : (error.code ?? null), output: out + err }),
    );
  });
}

describe.each(['concepts.md', 'write-a-scenario.md', 'in-ci.md'])('%s', (name) => {
  test('its commands end well, in their order', async () => {
    const blocks = [...(await page(name)).matchAll(/^```sh\n([\s\S]*?)^```$/gm)];
    const commands = blocks.flatMap(([, text = '']) => text.trim().split('\n'));
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) expect(await run(command)).toMatchObject({ status: 0 });
  });
});

test('the scenario that write-a-scenario.md shows is one of the catalogue, to the letter of its data', async () => {
  const [, shown = ''] = /^```ts\n([\s\S]*?)^```$/m.exec(await page('write-a-scenario.md')) ?? [];
  const file = join(ROOT, 'scenarios/disconnect/a-message-cut-by-fin-is-truncated-not-delivered.ts');
  const real = await readFile(file, 'utf8');
  for (const line of shown.split('\n').filter((each) => /faults|claim|delivers|workload|params|kills/.test(each))) {
    expect(real).toContain(line.trim());
  }
});

test('the workflow of in-ci.md runs the commands of the workflow that is here', async () => {
  const commands = (text: string): string[] => [...text.matchAll(/run: (.*)/g)].map(([, command = '']) => command);
  const [, shown = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(await page('in-ci.md')) ?? [];
  const real = await readFile(join(ROOT, '.github/workflows/resilience.yml'), 'utf8');
  expect(commands(shown).length).toBeGreaterThan(2);
  expect(commands(real)).toEqual(expect.arrayContaining(commands(shown)));
});
