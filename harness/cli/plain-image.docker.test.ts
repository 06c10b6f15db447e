/**
 * Plain subjects that are images, as a user names them: each runs as its image says, in the role's place of a Docker cell.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { runSchema } from '../evidence/run.ts';
import type { Result } from '../evidence/run.ts';
import { openEngine } from '../run/docker/engine.ts';
import { skipWithoutEngine } from '../run/docker/engine-for-tests.ts';

const COMMAND = fileURLToPath(new URL('halfopen.js', import.meta.url));

/** Listens where it always does; says so in a file, which it may write in one folder alone; answers in two writes. */
const SERVER = `
const { writeFileSync } = require('node:fs');
writeFileSync('/state/up', String(process.getuid()));
try { writeFileSync('/elsewhere', ''); process.exit(9); } catch {}
require('node:net').createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.setTimeout(1500, () => socket.destroy());
  socket.once('data', () => {
    socket.write('x'.repeat(10000));
    setTimeout(() => socket.end('x'.repeat(10000)), 20);
  });
}).listen(7000);`;

/** Asks for all of it; \`eager\` takes the first piece for the whole. */
const CLIENT = `
const [host, port, eager] = process.argv.slice(2);
const socket = require('node:net').connect(Number(port), host);
setTimeout(() => process.exit(3), 1500);
let text = '';
const done = () => process.stdout.write(text, () => process.exit(0));
socket.on('error', () => process.exit(2));
socket.on('close', () => process.exit(1));
socket.on('data', (chunk) => { text += chunk; if (text.length === 20000 || eager) done(); });
socket.write('all of it');`;

/** Neither has a shell; the server's says no user, and must not be root for that. */
const dockerfile = (user: string): string => `FROM halfopen/node-subject:dev
USER root
COPY program.cjs /program.cjs
RUN rm -f /bin/sh /bin/bash /bin/dash /usr/bin/sh /usr/bin/bash /usr/bin/dash
USER ${user}
ENTRYPOINT ["node", "/program.cjs"]
`;

const CONFIG = `export default {
  subjects: {
    'plain-test-files': { plain: 'server', build: { context: 'server' }, port: 7000, writable: ['/state'] },
    'plain-test-fetch': { plain: 'client', build: { context: 'client' }, command: ['{host}', '{port}'], withinMs: 5000 },
    eager: { plain: 'client', image: 'halfopen/user-plain-test-fetch:dev', command: ['{host}', '{port}', 'eager'] },
    here: { plain: 'client', command: ['curl', '{host}:{port}'] },
    absent: { plain: 'client', image: 'debian:bookworm-slim', command: ['/no/such/program', '{port}'] },
  },
  defaults: { cell: 'docker', cells: 1 },
};
`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-plain-images-'));
  for (const [name, program, user] of [
    ['server', SERVER, 'root'],
    ['client', CLIENT, 'node'],
  ] as const) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'program.cjs'), program);
    await writeFile(join(folder, name, 'Dockerfile'), dockerfile(user));
  }
  await writeFile(join(folder, 'halfopen.config.ts'), CONFIG);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
  if (skipWithoutEngine) return;
  const engine = await openEngine();
  for (const name of ['files', 'fetch'])
    await engine.getImage(`halfopen/user-plain-test-${name}:dev`).remove({ force: true });
});

async function run(client: string, ...more: string[]): Promise<{ output: string; results: Result[]; reports: string }> {
  const reports = join(folder, client);
  const args = [COMMAND, 'run', '--server', 'plain-test-files', '--client', client, '--report', reports, ...more];
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: folder, env: { ...process.env, CI: '' } }, (_, out, err) =>
      resolve(out + err),
    );
  });
  const text = await readFile(join(reports, 'latest/run.json'), 'utf8');
  return { output, reports, results: v.parse(runSchema, JSON.parse(text)).results };
}

describe.skipIf(skipWithoutEngine)('plain subjects that are images', { timeout: 200_000 }, () => {
  // A fault of the network is what docs/in-docker.md runs two others with.
  test('pass under faults of bytes and of the process, with proof of each, and are no root', async () => {
    const { output, results, reports } = await run('plain-test-fetch', 'small-pieces', 'frozen');
    expect(results.map(({ verdict, reason }) => [verdict, reason])).toEqual(
      Array.from({ length: 2 }, () => ['pass', expect.any(String)]),
    );
    expect(output).toContain('plain-test-fetch→plain-test-files');
    const proofs = await Promise.all(
      results.map(({ evidence }) => readFile(join(reports, 'latest', evidence ?? '', 'faults.json'), 'utf8')),
    );
    expect(proofs.join('\n')).toContain('the engine says that');
    const events = await readFile(join(reports, 'latest', results[0]?.evidence ?? '', 'events.jsonl'), 'utf8');
    expect(events).toContain('"moment":"settled"');
  });

  test('that take a piece for the whole are caught', async () => {
    const { output, results } = await run('eager', 'small-pieces');
    expect(results).toMatchObject([{ verdict: 'fail' }]);
    // How much has come at its first read differs without a fault too, and then the runs before it tell on it.
    expect(output).toMatch(/^ +(?:truthful|steady): /mu);
  });

  test('and commands of this machine do not meet, nor can an image start what it has not', async () => {
    const here = await run('here', 'small-pieces');
    expect(here.results).toMatchObject([
      { verdict: 'unsupported', reason: 'the client is a command of this machine: in a Docker cell it needs an image' },
    ]);
    const absent = await run('absent', 'small-pieces');
    expect(absent.results).toMatchObject([{ verdict: 'setup-error' }]);
    expect(absent.results[0]?.reason).toContain('/no/such/program');
  });

  test('leave no container behind', async () => {
    const engine = await openEngine();
    const filters = { ancestor: ['halfopen/user-plain-test-files:dev', 'halfopen/user-plain-test-fetch:dev'] };
    expect(await engine.listContainers({ all: true, filters })).toEqual([]);
  });
});
