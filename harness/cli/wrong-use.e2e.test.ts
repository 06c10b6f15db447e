import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

const COMMAND = fileURLToPath(new URL('halfopen.js', import.meta.url));

async function halfopen(folder: string, args: readonly string[]) {
  const child = spawn(process.execPath, [COMMAND, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const [err, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { err, status };
}

async function emptyFolder(afterwards: typeof onTestFinished = onTestFinished): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-use-'));
  afterwards(() => rm(folder, { recursive: true }));
  return folder;
}

test.for([
  [['run', '--repeat', '-1'], '--repeat takes a whole number from 1 to 100000, not "-1"'],
  [['run', '--cells', '-4'], '--cells takes a whole number from 1 to 64, not "-4"'],
  [['run', '--seed', '--json'], 'run: --seed takes a value, and what follows it looks like a flag; --seed=VALUE'],
  [['run', 'clean-exchange', '--report', ''], '--report takes the path of a folder, not ""'],
  [['mutants', '--report', ' '], '--report takes the path of a folder, not " "'],
] as const)('halfopen %j is told in one line what it should be, and leaves nothing', async ([args, message]) => {
  const folder = await emptyFolder();
  const { err, status } = await halfopen(folder, args);
  expect(err).toContain(message);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(status).toBe(2);
  expect(await readdir(folder)).toEqual([]);
});

test.concurrent.for([
  ['for nothing', 'await new Promise(() => {});'],
  ['for something that does not come', 'await new Promise(() => setInterval(() => {}, 1000));'],
] as const)(
  'a configuration that waits %s without end is wrong use',
  async ([, waits], { onTestFinished: afterwards }) => {
    const folder = await emptyFolder(afterwards);
    await writeFile(join(folder, 'halfopen.config.ts'), `${waits}\nexport default {};\n`);
    const { err, status } = await halfopen(folder, ['run']);
    expect(err).toMatch(
      /^halfopen: \S+halfopen\.config\.ts cannot be loaded: it has not come to its end within 10000 ms\n$/,
    );
    expect(status).toBe(2);
  },
);

test.concurrent.for([
  ['that is no TypeScript', '{\n  subjects: {},\n  ) }', ':3 cannot be loaded: '],
  ['that throws', "{\n  subjects: (() => { throw new Error('mine'); })() }", ':2 cannot be loaded: mine'],
] as const)('a configuration %s is wrong use, and its line is told', async ([, value, told], context) => {
  const folder = await emptyFolder(context.onTestFinished);
  await writeFile(join(folder, 'halfopen.config.ts'), `export default ${value};\n`);
  const { err, status } = await halfopen(folder, ['run']);
  expect(err).toContain(`halfopen.config.ts${told}`);
  expect(status).toBe(2);
});
