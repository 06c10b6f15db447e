import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as v from 'valibot';
import { expect, onTestFinished, test } from 'vitest';

const HALFOPEN = fileURLToPath(new URL('halfopen.js', import.meta.url));

const lineSchema = v.object({
  type: v.string(),
  need: v.optional(v.string(), ''),
  what: v.optional(v.string(), ''),
  there: v.optional(v.boolean(), false),
  found: v.optional(v.string(), ''),
  remedy: v.optional(v.string(), ''),
  local: v.optional(v.boolean()),
  docker: v.optional(v.boolean()),
});

async function doctor(environment: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const child = spawn(process.execPath, [HALFOPEN, 'doctor', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  await once(child, 'close');
  return { status: child.exitCode, out };
}

const linesOf = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => v.parse(lineSchema, JSON.parse(line)));
const NO_ENGINE = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };

test('local cells can run here, and what is missing comes with how to get it', async () => {
  const { status, out } = await doctor({ ...NO_ENGINE, PATH: '/nonexistent' }, '--json');
  const lines = linesOf(out);
  const findings = lines.filter(({ type }) => type === 'finding');
  const about = (what: string) => findings.find((finding) => finding.what === what);
  expect(about('Node')).toMatchObject({ there: true, need: 'local cells' });
  expect(about('Node')?.found).toContain(process.versions.node);
  expect(about('address 127.0.0.1')?.there).toBe(true);
  expect(about('python3')).toMatchObject({ there: false, found: 'not on the PATH', need: 'the Python subject' });
  expect(about('go')?.there).toBe(false);
  expect(about('container engine')).toMatchObject({ there: false, need: 'Docker cells' });
  expect(findings.filter(({ there }) => !there).map(({ what, found, remedy }) => [what, found, remedy])).toEqual([
    ['python3', 'not on the PATH', 'install Python 3.11 or later; its pairs are shown as not run until then'],
    ['go', 'not on the PATH', 'install Go 1.26 or later; its pairs are shown as not run until then'],
    [
      'container engine',
      'unix:///nonexistent/docker.sock: connect ENOENT /nonexistent/docker.sock',
      'install and start Docker (26 or later), or point DOCKER_HOST at an engine; local cells need none',
    ],
    ['docker compose', 'docker is not on the PATH', 'install the Docker Compose plugin (2.20 or later)'],
    ['docker buildx', 'docker is not on the PATH', 'install the Docker Buildx plugin; our images are built with it'],
    [
      'docker-compose.yml',
      'not read: only Compose can tell whether it will do',
      'install the Docker Compose plugin (2.20 or later)',
    ],
    ['images', 'not asked: no engine answers', 'see to the engine, and ask again'],
  ]);
  expect(findings.flatMap(({ there, remedy }) => (there && remedy !== '' ? [remedy] : []))).toEqual([]);
  expect(lines.at(-1)).toMatchObject({ type: 'finished', local: true, docker: false });
  expect(status).toBe(0);
});

test('what Docker’s command has is told without an engine too, in its own words where it lacks something', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-doctor-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  // A command that came with Buildx and without Compose.
  const says = `echo "docker: unknown command: docker $1" >&2; exit 1`;
  const docker = `#!/bin/sh\nif [ "$1" = buildx ]; then echo 'buildx v0.13.1'; else ${says}; fi\n`;
  await writeFile(join(folder, 'docker'), docker, { mode: 0o755 });
  const { out } = await doctor({ ...NO_ENGINE, PATH: folder });
  expect(out).toContain(
    '✗ missing  docker compose  docker: unknown command: docker compose  (for Docker cells)\n' +
      '    to get it  install the Docker Compose plugin (2.20 or later)\n' +
      '✓  docker buildx  buildx v0.13.1  (for Docker cells)\n',
  );
  expect(out).toContain('Docker cells cannot run');
});

test('an engine that accepts and never answers is told so by a deadline', async () => {
  const silent = createServer();
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const { status, out } = await doctor({ DOCKER_HOST: `tcp://127.0.0.1:${port}` });
    expect(out).toContain(`tcp://127.0.0.1:${port} does not answer within`);
    expect(out).toContain('local cells can run; Docker cells cannot run');
    expect(status).toBe(0);
  } finally {
    silent.close();
  }
});

test('without a temporary folder that can be written to, local cells cannot run, and the exit status says so', async () => {
  const { status, out } = await doctor({ ...NO_ENGINE, TMPDIR: '/dev/null/nothing' });
  expect(out).toContain('✗ missing  temporary folder');
  expect(out).toContain('to get it  point TMPDIR at');
  expect(out).toContain('local cells cannot run');
  expect(status).toBe(3);
});
