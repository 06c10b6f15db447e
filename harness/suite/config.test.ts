import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readConfig } from './config.ts';
import { subjectsOf, whyMissing } from './subjects.ts';

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-config-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** Reads a configuration with this default export, from a folder of its own: a module is loaded but once. */
async function configured(text: string, withinMs?: number): Promise<Awaited<ReturnType<typeof readConfig>>> {
  count += 1;
  const own = await mkdtemp(join(folder, `${count}-`));
  await writeFile(join(own, 'halfopen.config.ts'), `export default ${text};\n`);
  return readConfig(own, withinMs);
}

describe('a configuration', () => {
  test('names subjects of every kind, a matrix and defaults', async () => {
    const config = await configured(`{
      subjects: {
        mine: { command: ['python3', 'mine.py'] },
        boxed: { image: 'my/app:1' },
        built: { build: { context: 'app' } },
        fetch: { plain: 'client', command: ['curl', 'http://{host}:{port}/'], withinMs: 3000 },
        files: { plain: 'server', command: ['serve', '{port}'], environment: { HOST: '{host}' } },
        there: { plain: 'server', address: '127.0.0.1:8080' },
        store: { plain: 'server', image: 'redis:7', port: 6379, writable: ['/data'] },
        ask: { plain: 'client', build: { context: 'ask' }, command: ['{host}', '{port}'], user: '7:7' },
      },
      matrix: { server: ['mine', 'boxed'], client: ['node'], proxy: ['wire', 'toxiproxy'], scenarios: ['framing'] },
      defaults: { cell: 'docker', kernel: 'fast', cells: 2, repeat: 3, seed: 's', report: 'out' },
    }`);
    expect(config.subjects['fetch']).toMatchObject({ withinMs: 3000, succeedsWith: [0], output: 'same' });
    expect(config.subjects['files']).toMatchObject({ startsWithinMs: 10_000, environment: { HOST: '{host}' } });
    expect(config.subjects['store']).toMatchObject({ port: 6379, writable: ['/data'], startsWithinMs: 10_000 });
    expect(config.subjects['ask']).toMatchObject({ user: '7:7', writable: [], withinMs: 10_000 });
    expect(config.matrix.proxy).toEqual(['wire', 'toxiproxy']);
    expect(config.defaults).toEqual({
      cell: 'docker',
      kernel: 'fast',
      cells: 2,
      repeat: 3,
      seed: 's',
      report: 'out',
    });
    const own = (await subjectsOf(config)).filter(({ origin }) => origin === 'user');
    expect(own).toEqual([
      { name: 'mine', origin: 'user', command: ['python3', 'mine.py'] },
      { name: 'boxed', origin: 'user', command: [], image: 'my/app:1' },
      {
        name: 'built',
        origin: 'user',
        command: [],
        image: 'halfopen/user-built:dev',
        build: { context: 'app', dockerfile: 'app/Dockerfile' },
      },
    ]);
  });

  test('that is not there is an empty one', async () => {
    expect(await readConfig(folder)).toEqual({ subjects: {}, matrix: {}, defaults: {} });
  });

  test('cannot take a name that comes with the product', async () => {
    const config = await configured("{ subjects: { node: { command: ['x'] } } }");
    await expect(subjectsOf(config)).rejects.toThrow('subjects.node: the name belongs to "node"');
    await expect(subjectsOf(config)).rejects.toThrow('"my-node" would do');
  });
});

describe('what is wrong is told with file, key and what would do', () => {
  test.each([
    ['an unknown key at the top', '{ subject: {} }', 'subject: there is no such key. Did you mean "subjects"?'],
    [
      'a key of a section at the top',
      "{ sevrer: ['a'] }",
      'sevrer: there is no such key. Did you mean "matrix.server"?',
    ],
    [
      'an unknown key of a subject',
      "{ subjects: { mine: { comand: ['x'] } } }",
      'subjects.mine.comand: there is no such key. Did you mean "command"? Known: plain, command, image, build.',
    ],
    [
      'a misspelt word that tells what a subject is',
      "{ subjects: { m: { plian: 'client', command: ['x'] } } }",
      'subjects.m.plian: there is no such key. Did you mean "plain"? Known: plain, command, image, build.',
    ],
    [
      'an unknown key, before the one that is missed in its place',
      "{ subjects: { m: { build: { contxt: '.' } } } }",
      'subjects.m.build.contxt: there is no such key. Did you mean "context"? Known: context, dockerfile.',
    ],
    [
      'a key that is missing',
      '{ subjects: { m: { build: {} } } }',
      "subjects.m.build.context: is missing; it takes text, as in context: '.'",
    ],
    [
      'a list that is missing',
      "{ subjects: { m: { plain: 'client' } } }",
      "subjects.m.command: is missing; it takes a list, as in command: ['program', 'argument']",
    ],
    [
      'an unknown key of resources',
      "{ subjects: { m: { plain: 'client', image: 'a', resources: { cpu: 1 } } } }",
      'subjects.m.resources.cpu: there is no such key. Did you mean "cpus"? Known: memoryBytes, cpus, fds.',
    ],
    [
      'a subject that is a list',
      "{ subjects: { mine: ['x'] } }",
      "subjects.mine: takes an object, as in mine: { command: ['program', 'argument'] }, not a list",
    ],
    [
      'variables that are a list',
      "{ subjects: { m: { plain: 'client', command: ['x'], environment: ['A=b'] } } }",
      "subjects.m.environment: takes an object, as in environment: { LANGUAGE: 'en' }, not a list",
    ],
    [
      'a plain image that is two',
      "{ subjects: { mine: { plain: 'client', image: 'a', build: { context: '.' } } } }",
      "subjects.mine: takes image: 'name:tag' or build: { context: '.' }, and not both",
    ],
    [
      'a plain image that may write to a place it does not name',
      "{ subjects: { mine: { plain: 'client', image: 'a', writable: ['data'] } } }",
      "subjects.mine.writable.0: takes absolute paths, as in writable: ['/data']",
    ],
    [
      'an unknown key of a plain client',
      "{ subjects: { mine: { plain: 'client', command: ['x'], timeoutMs: 1 } } }",
      'Known: plain, command, environment, withinMs, succeedsWith, failsWith, output, answer.',
    ],
    [
      'a subject that is nothing',
      '{ subjects: { mine: {} } }',
      "subjects.mine: takes command: ['program', 'argument']",
    ],
    [
      'an image beside a build',
      "{ subjects: { mine: { image: 'a', build: { context: '.' } } } }",
      "subjects.mine: takes image: 'name:tag' or build: { context: '.' }, and not both",
    ],
    [
      'a command that is text',
      "{ subjects: { mine: { command: 'x y' } } }",
      'subjects.mine.command: takes a list, as in',
    ],
    [
      'a name with a space',
      "{ subjects: { 'my one': { command: ['x'] } } }",
      "takes a name of small letters, digits and dashes, as in 'my-server'",
    ],
    [
      'a word that is near another',
      "{ defaults: { cell: 'dcoker' } }",
      'defaults.cell: takes "local" or "docker" or "compose", as in cell: \'docker\', not "dcoker". Did you mean "docker"?',
    ],
    [
      'a plain role that is none',
      "{ subjects: { a: { plain: 'sever', command: ['x'] } } }",
      `subjects.a.plain: takes 'client' or 'server'`,
    ],
    [
      'a plain role that is none, before the keys that it would have',
      "{ subjects: { a: { plain: 'sever', address: '127.0.0.1:80' } } }",
      `subjects.a.plain: takes 'client' or 'server'`,
    ],
    [
      'a number that is text',
      "{ defaults: { cells: '4' } }",
      'defaults.cells: takes a number, as in cells: 2, not "4"',
    ],
    [
      'an address that is not here',
      "{ subjects: { a: { plain: 'server', address: 'example.org:80' } } }",
      "subjects.a.address: takes HOST:PORT on this machine, as in address: '127.0.0.1:8080'",
    ],
    [
      'a report folder without a name',
      "{ defaults: { report: '' } }",
      "defaults.report: takes the path of a folder, as in report: 'reports'",
    ],
    [
      'a command without a word',
      '{ subjects: { mine: { command: [] } } }',
      "subjects.mine.command: takes at least 1 entry, as in command: ['program', 'argument'], not 0",
    ],
    ['no cell at all', '{ defaults: { cells: 0 } }', 'defaults.cells: takes at least 1, as in cells: 2, not 0'],
    [
      'a list of subjects',
      '{ subjects: [] }',
      "subjects: takes an object, as in subjects: { mine: { command: ['program', 'argument'] } }, not a list",
    ],
    ['a list', '[]', 'default export: takes an object'],
    ['no object at all', 'null', 'default export: takes an object'],
  ])('%s', async (_title, text, told) => {
    const reading = configured(text);
    await expect(reading).rejects.toThrow(told);
    await expect(reading).rejects.toThrow('halfopen.config.ts: ');
  });

  test('a file that cannot be loaded', async () => {
    await expect(configured('{')).rejects.toThrow('cannot be loaded');
  });

  test('a file whose module never comes to its end', async () => {
    const reading = configured('await new Promise(() => {})', 100);
    await expect(reading).rejects.toThrow('cannot be loaded: it has not come to its end within 100 ms');
  });
});

test('a subject that the chosen cell cannot run says what would help', async () => {
  const [mine, boxed] = [
    { name: 'mine', origin: 'user' as const, command: ['x'] },
    { name: 'boxed', origin: 'user' as const, command: [], image: 'a' },
  ];
  expect(await whyMissing(mine, 'docker')).toContain("image: 'name:tag'");
  expect(await whyMissing(boxed, 'local')).toContain('--cell docker');
  expect([await whyMissing(mine, 'local'), await whyMissing(boxed, 'docker')]).toEqual([null, null]);
});
