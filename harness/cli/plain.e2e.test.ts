/**
 * Plain subjects as people meet them: commands on the command line, nothing known of them, run through the whole pipeline.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { runSchema } from '../evidence/run.ts';
import type { Result } from '../evidence/run.ts';
import { processState } from '../run/local/process-state.ts';

const COMMAND = fileURLToPath(new URL('halfopen.js', import.meta.url));

/**
 * Answers a line with its length and 20,000 bytes, the second half in a write each 10 ms, so that also a busy host gets
 * pieces; and lives through whatever its clients do.
 */
const SERVER = `
const { createServer } = require('node:net');
const [host, port] = process.argv.slice(2);
const answer = 'x'.repeat(20000);
createServer((socket) => {
  let request = '';
  socket.on('error', () => socket.destroy());
  socket.setTimeout(1500, () => socket.destroy());
  socket.on('data', (chunk) => {
    request += chunk;
    if (!request.endsWith('\\n')) return;
    socket.write('20000\\n' + answer.slice(0, 10000));
    for (let at = 10000; at < 19000; at += 1000) setTimeout(() => socket.write(answer.slice(at, at + 1000)), at / 100 - 90);
    setTimeout(() => socket.end(answer.slice(19000)), 100);
  });
}).listen(Number(port), host);`;

/** Asks for it; \`take\` says when it has come, \`deadline\` how long that may take. */
const client = (deadline: string, take: string): string => `
const { connect } = require('node:net');
const [host, port] = process.argv.slice(2);
const socket = connect(Number(port), host);
${deadline}
let text = '';
const done = () => { process.stdout.write(text.slice(text.indexOf('\\n') + 1)); socket.destroy(); process.exitCode = 0; };
process.exitCode = 1;
socket.on('error', () => process.exit(2));
socket.on('close', () => process.exit());
socket.on('data', (chunk) => { text += chunk; ${take} });
socket.write('give me all\\n');`;

const DEADLINE = 'setTimeout(() => process.exit(3), 1000);';
const WHOLE = 'if (text.length === 20006) done();';

const PROGRAMS = {
  server: SERVER,
  // In one write: without faults its answer is one piece, on however slow a host.
  'at-once': SERVER.replace(/socket\.write\((?:.*\n){3}/, "socket.end('20000\\n' + answer);\n"),
  right: client(DEADLINE, WHOLE),
  'first-piece': client(DEADLINE, 'if (text.length > 2) done();'),
  // A child of its own, which nobody ends.
  'child-left': `require('node:child_process').spawn('sleep', ['30'], { detached: true, stdio: 'ignore' }).unref();${client(DEADLINE, WHOLE)}`,
  'keeps-sockets': SERVER.replace(
    'socket.setTimeout(1500, () => socket.destroy());',
    'socket.pause(); setTimeout(() => socket.resume(), 60);',
  )
    .replace('createServer((socket)', 'createServer({ allowHalfOpen: true }, (socket)')
    .replace('socket.end(', 'socket.write('),
} as const;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-plain-'));
  await Promise.all(Object.entries(PROGRAMS).map(([name, text]) => writeFile(join(folder, `${name}.cjs`), text)));
});

afterAll(() => rm(folder, { recursive: true }));

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function halfopen(...args: string[]): Promise<Ended> {
  return halfopenIn(folder, ...args);
}

async function halfopenIn(cwd: string, ...args: string[]): Promise<Ended> {
  const env = { ...process.env, CI: '' };
  const child = spawn(process.execPath, [COMMAND, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, out, err };
}

const program = (name: keyof typeof PROGRAMS): string => `'${process.execPath}' ${name}.cjs {host} {port}`;

/** Runs scenarios with a pair, in a folder of reports of its own. */
async function between(
  name: string,
  pair: { server?: keyof typeof PROGRAMS; client: keyof typeof PROGRAMS },
  ...more: string[]
): Promise<Ended & { results: Result[]; reports: string }> {
  const reports = join(folder, 'reports', name);
  const subjects = ['--plain-server', program(pair.server ?? 'server'), '--plain-client', program(pair.client)];
  const ended = await halfopen('run', ...subjects, '--seed', '1', '--report', reports, ...more);
  const text = await readFile(join(reports, 'latest/run.json'), 'utf8');
  return { ...ended, reports, results: v.parse(runSchema, JSON.parse(text)).results };
}

describe('a right pair', () => {
  test('passes every scenario, and each of them had its faults', async () => {
    const { status, out, results, reports } = await between('right', { client: 'right' });
    expect(out).not.toContain('fail');
    expect(status).toBe(0);
    expect(results.length).toBeGreaterThanOrEqual(12);
    expect(new Set(results.map(({ verdict }) => verdict))).toEqual(new Set(['pass']));
    for (const { evidence } of results) {
      const receipts = await readFile(join(reports, 'latest', evidence ?? '', 'faults.json'), 'utf8');
      expect(receipts).toContain('"proof"');
    }
    const page = await readFile(join(reports, 'latest/index.html'), 'utf8');
    expect(/The client.{1,6}s runs/.test(page)).toBe(true);
    const again = await halfopen('judge', join(reports, 'latest'));
    expect(again.status).toBe(0);
  });
});

describe('a broken script', () => {
  test('that takes the first piece for the whole is caught, and the line to run it again catches it again', async () => {
    const { status, out, results, reports } = await between(
      'first-piece',
      { server: 'at-once', client: 'first-piece' },
      'small-pieces',
    );
    expect(status).toBe(1);
    expect(out).toContain('truthful');
    expect(results[0]).toMatchObject({ verdict: 'fail', given: { client: program('first-piece') } });
    const [, line = ''] = /again +npx halfopen (.*)/.exec(out) ?? [];
    const again = spawn('sh', ['-c', `'${process.execPath}' '${COMMAND}' ${line} --report '${reports}-again'`], {
      cwd: folder,
      stdio: 'ignore',
    });
    expect(await once(again, 'close')).toEqual([1, null]);
    expect(await readFile(join(reports, 'latest/junit.xml'), 'utf8')).toContain('<failure');
  });

  test('that hides every failure is caught wherever nothing came', async () => {
    const hides = `${program('right')} || cat whole`;
    await writeFile(join(folder, 'whole'), 'x'.repeat(20_000));
    const reports = join(folder, 'reports/hides');
    const subjects = ['--plain-server', program('server'), '--plain-client', hides, '--report', reports];
    const { status, out } = await halfopen('run', 'refused', 'cut-by-fin', 'an-end-before', ...subjects);
    expect(status).toBe(1);
    expect(out).toContain('no connection of it came about');
    expect(out).toContain('no byte of an answer was handed to it, where 20006 bytes were without faults');
    expect(out).toContain('10003 bytes of an answer of at least 20006 were handed to it');
  });

  test('that leaves a process behind is caught, and the process is ended', async () => {
    const { results } = await between('child', { client: 'child-left' }, 'late-bytes', '--control');
    expect(results[0]?.verdict).toBe('fail');
    expect(results[0]?.reason).toContain('outlived it');
    const [, pid = '0'] = /outlived it: (\d+)/.exec(results[0]?.reason ?? '') ?? [];
    expect(Number(pid)).toBeGreaterThan(0);
    // Whoever adopts it may not have taken note of its end yet.
    expect([null, 'Z']).toContain(await processState(Number(pid)));
  });

  test('that leaves one behind with an environment of its own is caught as well', async () => {
    const reports = join(folder, 'reports/cleaned');
    const leaves = `env -i sleep 30 >/dev/null 2>&1 & ${program('right')}`;
    const subjects = ['--plain-server', program('server'), '--plain-client', leaves, '--report', reports];
    const { status, out } = await halfopen('run', 'late-bytes', '--control', ...subjects);
    expect(out).toMatch(/lets-go:[^]*outlived it/);
    expect(status).toBe(1);
  });
});

describe('a broken server', () => {
  test('that keeps the connections of clients that are gone is caught', async () => {
    const { results } = await between('keeps', { server: 'keeps-sockets', client: 'right' }, 'late-bytes', '--control');
    expect(results[0]?.verdict).toBe('fail');
    expect(results[0]?.reason).toContain('lets-go');
  });
});

test('a pair that does not work without faults is said to, and nothing is concluded', async () => {
  const reports = join(folder, 'reports/wrong');
  const subjects = ['--plain-server', program('server'), '--plain-client', 'exit 7 # {port}'];
  const { status, out } = await halfopen('run', 'late-bytes', ...subjects, '--report', reports);
  expect(out).toContain('the pair does not work without faults');
  expect(out).toContain('it exited with status 7');
  expect(status).toBe(3);
});

test('a run whose evidence is removed under it is a failure of the set-up, told with its cause', async () => {
  const reports = join(folder, 'reports/removed');
  const removes = `rm -rf '${reports}'/latest/scenarios; ${program('right')}`;
  const subjects = ['--plain-server', program('server'), '--plain-client', removes];
  const { status, out, err } = await halfopen('run', 'late-bytes', ...subjects, '--report', reports);
  expect(out + err).toMatch(/evidence could not be written to .*ENOENT.*name another folder with --report/);
  expect(out + err).not.toContain('please report this');
  expect(status).toBe(3);
});

describe("a server of somebody else's", () => {
  let other: ChildProcess;
  afterAll(() => other.kill('SIGKILL'));

  test('is used where it listens, and left alone', async () => {
    other = spawn(process.execPath, ['server.cjs', '127.0.0.1', '0'], { cwd: folder });
    const listens = `
      const server = require('node:net').Server.prototype;
      const listen = server.listen;
      server.listen = function (...args) { this.once('listening', () => console.log(this.address().port)); return listen.apply(this, args); };`;
    other.kill('SIGKILL');
    await writeFile(join(folder, 'tells-port.cjs'), listens);
    other = spawn(process.execPath, ['--require', './tells-port.cjs', 'server.cjs', '127.0.0.1', '0'], { cwd: folder });
    const [port] = (await once(other.stdout ?? other, 'data')) as [Buffer];
    const address = `127.0.0.1:${port.toString().trim()}`;
    const reports = join(folder, 'reports/other');
    const subjects = ['--plain-server', address, '--plain-client', program('right'), '--report', reports];
    const { status, out } = await halfopen('run', 'cut-by-rst', 'frozen', ...subjects);
    expect(out).toContain('✓ pass  plain/an-answer-cut-by-rst-is-no-success');
    expect(out).toContain('unsupported  plain/a-frozen-server-is-not-waited-for');
    expect(status).toBe(0);
    expect(other.exitCode).toBeNull();
  });
});

test('a pair that is given is asked all that any pair is, now and once more, whatever the configured matrix says', async () => {
  const own = await mkdtemp(join(folder, 'configured-'));
  const subjects = { mine: { command: ['true'] } };
  const matrix = { server: ['mine'], client: ['node'], proxy: ['wire', 'toxiproxy'], scenarios: ['framing'] };
  await writeFile(join(own, 'halfopen.config.ts'), `export default ${JSON.stringify({ subjects, matrix })};\n`);
  const server = program('server').replace('server.cjs', '../server.cjs');
  const first = await halfopenIn(own, 'run', '--plain-server', server, '--plain-client', 'exit 7 # {port}');
  expect(first).toMatchObject({ status: 3, err: '' });
  const again = await halfopenIn(own, 'run', 'late-bytes', '--last-failed');
  expect(again).toMatchObject({ status: 3, err: '' });
  expect(again.out).toContain('the pair does not work without faults');
});

describe('wrong use', () => {
  test.each([
    ['half a pair', ['--plain-client', 'curl http://{host}:{port}/'], 'runs against a plain server'],
    ['no port', ['--plain-client', 'curl http://{host}/', '--plain-server', '127.0.0.1:1'], 'is told no {port}'],
    ['an address elsewhere', ['--plain-client', 'x {port}', '--plain-server', '10.0.0.1:80'], 'on this machine'],
    [
      'a bound that is none',
      ['--plain-client', 'x {port}', '--plain-server', '127.0.0.1:1', '--within', '0'],
      '--within takes',
    ],
    [
      'a subject of the other kind',
      ['--plain-client', 'x {port}', '--plain-server', '127.0.0.1:1', '--server', 'node'],
      'is no plain subject',
    ],
  ])('%s', async (_title, args, told) => {
    const { status, err } = await halfopen('run', ...args);
    expect(err).toContain(told);
    expect(status).toBe(2);
  });
});
