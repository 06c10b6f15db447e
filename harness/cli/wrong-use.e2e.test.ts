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
  const child = spawn(process.execPath, [COMMAND, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { out, err, status };
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
  [['run', '--server'], 'run: --server takes a value, and there is none; "halfopen run --help" says which'],
  [['run', '--kernel', 'fats'], '--kernel takes stock or fast, not "fats". Did you mean "fast"?'],
  [['run', '--kernel', 'fast'], '--kernel cannot be fast here: a local cell'],
  [['run', '--kernel', 'fast', '--cell', 'compose'], '--kernel cannot be fast here: it needs the engine'],
  [
    ['run', '--kernel=fast', '--plain-server', 'localhost:1', '--plain-client', 'curl {port}'],
    '--kernel is for subjects that keep the contract',
  ],
  [
    ['run', '--keep-on-failure', '--plain-server', 'localhost:1', '--plain-client', 'curl {port}'],
    '--keep-on-failure is for subjects that keep the contract',
  ],
  [['run', '--shard', '1/2'], '--shard takes a --seed, the same on every machine: the parts of one run share it'],
  [['run', '--json=yes'], 'run: --json takes no value'],
  [['run', '--last-failed'], '--last-failed: there is no earlier run in reports: run something first'],
  [['explain', 'a-frozn-server'], 'there is no scenario "a-frozn-server". There are "dead-peer/a-frozen-server'],
  [['explain', 'frozen'], 'there is no scenario "frozen". There are "'],
  [['report', 'dif', 'a', 'b'], 'report takes one run folder, for example reports/latest. Did you mean "diff"?'],
  [['report', 'opne'], 'there is no run folder at opne. Did you mean "open"?'],
  [['report', 'diff', 'a', 'b', '--into', 'c'], 'report: --into is for "report merge" only'],
  [['report', 'merge', 'a', '--json'], 'report: --json is for "report diff" only'],
  [['report', 'merge', 'a', '--against', 'b'], 'report: --against is for "report --against OLD DIR" only'],
  [['report', 'open', 'a', '--json'], 'report: --json is for "report diff" only'],
  [['report', 'a', '--into', 'b'], 'report: --into is for "report merge" only'],
  [['report', 'open', 'a', 'b'], 'report open takes one run folder, or none for reports/latest'],
  [['mutants', '--seed', 'a b'], '--seed takes up to 64 letters, digits, dots and dashes, as in demo-1, not "a b"'],
  [['--versoin'], 'there is no verb "--versoin". Did you mean "--version"?'],
  [['help', 'rnu'], 'there is no verb "rnu". Did you mean "run"?'],
  [['mutants', '--report', ' '], '--report takes the path of a folder, not " "'],
] as const)('halfopen %j is told in one line what it should be, and leaves nothing', async ([args, message]) => {
  const folder = await emptyFolder();
  const { err, status } = await halfopen(folder, args);
  expect(err).toContain(message);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(status).toBe(2);
  expect(await readdir(folder)).toEqual([]);
});

test.for([
  ["matrix: { server: ['nod'] }", 'matrix.server: there is no subject "nod". Did you mean "node"?'],
  ["matrix: { scenarios: ['nonsense'] }", 'matrix.scenarios: no scenario matches "nonsense"'],
  ['defaults: { cells: 1000 }', 'defaults.cells: takes a whole number from 1 to 64, not "1000"'],
  ['defaults: { repeat: 1000000 }', 'defaults.repeat: takes a whole number from 1 to 100000'],
  ["defaults: { kernel: 'fast' }", 'defaults.kernel: cannot be fast here: a local cell'],
  [
    "defaults: { seed: 'a b' }",
    'defaults.seed: takes up to 64 letters, digits, dots and dashes, as in demo-1, not "a b"',
  ],
] as const)('a value of the configuration, %s, is told where it stands', async ([value, message]) => {
  const folder = await emptyFolder();
  await writeFile(join(folder, 'halfopen.config.ts'), `export default { ${value} };\n`);
  const { err, status } = await halfopen(folder, ['run']);
  expect(err).toContain(`/halfopen.config.ts: ${message}`);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(status).toBe(2);
});

test('what the command line gives in its place is told as the flag that it is', async () => {
  const folder = await emptyFolder();
  await writeFile(join(folder, 'halfopen.config.ts'), 'export default { defaults: { cells: 1000 } };\n');
  const { err } = await halfopen(folder, ['run', '--cells', '2000']);
  expect(err).toBe('halfopen: --cells takes a whole number from 1 to 64, not "2000"\n');
});

test('nothing that failed is no wrong use: nothing is run, and the status is 0', async () => {
  const folder = await emptyFolder();
  const pair = ['run', 'a-clean-exchange', '--server', 'node', '--client', 'node'];
  expect((await halfopen(folder, pair)).status).toBe(0);
  const runs = await readdir(join(folder, 'reports'));
  const again = await halfopen(folder, ['run', '--last-failed']);
  expect(again).toMatchObject({ status: 0, err: '' });
  expect(again.out).toMatch(/^nothing failed in \S+\n$/);
  expect(await readdir(join(folder, 'reports'))).toEqual(runs);
});

test('help of a verb is its page, and the version is told with what it was built from', async () => {
  const folder = await emptyFolder();
  const { out: page } = await halfopen(folder, ['run', '--help']);
  expect(await halfopen(folder, ['help', 'run'])).toMatchObject({ out: page, status: 0 });
  expect(page).toContain('halfopen run - ');
  const { out, status } = await halfopen(folder, ['--version']);
  expect(out).toMatch(/^halfopen \d+\.\d+\.\d+(?: \([0-9a-f]{40}(?:-dirty)?\))?\n$/);
  expect(status).toBe(0);
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
