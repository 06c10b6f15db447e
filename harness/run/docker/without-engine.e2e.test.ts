/** What is said where no engine answers, by the tests themselves and by `clean`; and by the tests on an older Node. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const VITEST = 'node_modules/vitest/vitest.mjs';
/** Two files of one group, and one of the other. */
const FILES = ['doctor', 'clean', 'scenarios'].map((name) => `harness/run/docker/${name}.docker`);
const DOCKER_TESTS = [VITEST, 'run', '--project', 'docker*', ...FILES];
const OLDER_NODE = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '20.19.0' } })`;

/** For root nothing is out of reach. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

async function node(args: readonly string[], environment: Readonly<Record<string, string>>, who: object = {}) {
  const { CI: _, ...inherited } = process.env;
  const child = spawn(process.execPath, args, {
    ...who,
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inherited, DOCKER_HOST: 'unix:///nonexistent/docker.sock', ...environment },
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode, out, err };
}

test('the tests that need an engine are skipped, and one line says so for all of them', async () => {
  const { status, out } = await node(DOCKER_TESTS, {});
  expect(out.match(/the tests that need an engine are skipped: no container engine answers/g)).toHaveLength(1);
  expect(out).toContain('3 skipped');
  expect(status).toBe(0);
});

test('in CI they fail, for the reason that no engine answers', async () => {
  const { status, out, err } = await node(DOCKER_TESTS, { CI: 'true' });
  expect(out).not.toContain('are skipped');
  expect(out + err).toContain('no container engine answers: unix:///nonexistent/docker.sock: connect ENOENT');
  expect(stripVTControlCharacters(out)).toMatch(/Test Files +3 failed \(3\)/);
  expect(status).toBe(1);
});

test('on an older Node the tests say at once which they need', async () => {
  const { status, err } = await node(['--import', OLDER_NODE, VITEST, 'run'], {});
  expect(err).toContain('The tests need Node 24 or newer, and this is 20.19.0. "npm test" brings its own.');
  expect(status).toBe(2);
});

test('clean says that an engine that was named could not be asked', async () => {
  const { status, out, err } = await node(['harness/cli/halfopen.js', 'clean'], {});
  expect(err).toContain('the container engine could not be asked: unix:///nonexistent/docker.sock');
  expect(out).not.toContain('nothing was left');
  expect(status).toBe(3);
});

test.for([
  ['doctor'],
  ['clean'],
  ['run', '--cell', 'docker', 'a-clean-exchange-is-clean', '--server', 'node', '--client', 'node'],
])('an engine that this user may not use is not told to start: %s', async (args) => {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-forbidden-'));
  const socket = join(folder, 'docker.sock');
  const server = createServer().listen(socket);
  await once(server, 'listening');
  await chmod(folder, 0o711);
  await chmod(socket, 0);
  const reports = await mkdtemp(join(tmpdir(), 'halfopen-reports-'));
  await chmod(reports, 0o777);
  const report = args[0] === 'run' ? ['--report', reports] : [];
  const command = ['harness/cli/halfopen.js', ...args, ...report];
  const { out, err } = await node(command, { DOCKER_HOST: `unix://${socket}` }, NOBODY);
  expect(out + err).toContain('EACCES');
  expect((out + err).replaceAll(/\s+/g, ' ')).toContain('sudo usermod -aG docker $USER');
  expect(out + err).not.toContain('start Docker');
  server.close();
  await Promise.all([folder, reports].map((each) => rm(each, { recursive: true })));
});
