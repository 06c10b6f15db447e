/**
 * The command as people meet it: real processes, wrong input, Ctrl-C, kill -9, a full disk.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { runSchema } from '../evidence/run.ts';
import type { Run } from '../evidence/run.ts';
import { marked } from './command-for-tests.ts';

const COMMAND = fileURLToPath(new URL('halfopen.js', import.meta.url));
const ID = 'disconnect/a-message-cut-by-rst-is-a-reset';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-cli-'));
});

afterAll(() => rm(folder, { recursive: true }));

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function start(args: readonly string[], where: { cwd?: string; env?: Record<string, string> } = {}): ChildProcess {
  const env = { ...process.env, CI: '', ...where.env };
  return spawn(process.execPath, [COMMAND, ...args], {
    cwd: where.cwd ?? folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function ended(child: ChildProcess): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, out, err };
}

const halfopen = (...args: string[]): Promise<Ended> => ended(start(args));

async function readRun(reports: string): Promise<Run> {
  return v.parse(runSchema, JSON.parse(await readFile(join(reports, 'latest', 'run.json'), 'utf8')));
}

/** Resolves with the first line of output that holds a word. */
function line(child: ChildProcess, word: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = text.split('\n').find((each) => each.includes(word));
      if (found !== undefined) resolve(found);
    });
  });
}

/** Resolves when an attempt has begun and cannot be over yet: with the first process of a subject that was not there before. */
async function underWay(child: ChildProcess): Promise<number> {
  const before = new Set(await marked(child.pid ?? 0));
  for (;;) {
    const begun = (await marked(child.pid ?? 0)).find((pid) => !before.has(pid));
    if (begun !== undefined) return begun;
    if (child.exitCode !== null) throw new Error('the run is over, and no attempt began');
  }
}

describe('a run', () => {
  test('that passes says so, names its report and exits 0', async () => {
    const reports = join(folder, 'passing');
    const { status, out } = await halfopen(
      'run',
      ID,
      '--server',
      'node',
      '--client',
      'node',
      '--report',
      reports,
      '--seed',
      's1',
    );
    expect(out).toContain(`✓ pass  ${ID}  node→node`);
    expect(out.trim().split('\n').at(-1)).toMatch(/^report: .*index\.html$/);
    expect(status).toBe(0);
    const run = await readRun(reports);
    expect(run).toMatchObject({ seed: 's1', exitStatus: 0, counts: { pass: 1, fail: 0 } });
    expect(await readdir(join(reports, 'latest'))).toEqual(
      expect.arrayContaining(['environment.json', 'index.html', 'junit.xml', 'run.json', 'scenarios', 'summary.md']),
    );
  });

  test('that is judged again from its folder comes to the same verdicts, byte for byte', async () => {
    const reports = join(folder, 'passing');
    const [attempt] = (await readRun(reports)).results.flatMap(({ attempts }) => attempts);
    const path = join(reports, 'latest', attempt?.evidence ?? '', 'verdict.json');
    const before = await readFile(path, 'utf8');
    const { status, out } = await halfopen('judge', join(reports, 'latest'));
    expect(status).toBe(0);
    expect(out).toContain('✓ pass');
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  test('until a fail goes past what a subject does not support', async () => {
    const reports = join(folder, 'until-fail');
    const clients = 'digits-read-as-they-come,node';
    const args = ['a-clean-exchange-is-clean', '--server', 'node', '--client', clients, '--cells', '1', '--until-fail'];
    const { status } = await halfopen('run', ...args, '--report', reports);
    expect((await readRun(reports)).results.map(({ verdict }) => verdict)).toEqual(['unsupported', 'pass']);
    expect(status).toBe(0);
  });

  test('until a fail ends with the first, and what it had not come to is not run', async () => {
    const reports = join(folder, 'until-first');
    const pair = ['--server', 'node', '--client', 'eof-inside-a-message-delivered', '--cells', '1'];
    const scenarios = ['a-message-cut-by-fin', 'a-clean-exchange-is-clean', 'a-header-may-arrive-torn'];
    const { status } = await halfopen('run', ...scenarios, ...pair, '--until-fail', '--report', reports);
    const { results } = await readRun(reports);
    expect(results.map(({ verdict }) => verdict)).toEqual(['fail', 'not-run', 'not-run']);
    expect(results.at(-1)?.reason).toBe('the run ended before it');
    expect(status).toBe(1);
  });

  test('goes on where "latest" is a folder of somebody’s own', async () => {
    const reports = join(folder, 'own-latest');
    await mkdir(join(reports, 'latest'), { recursive: true });
    const { status } = await halfopen('run', ID, '--server', 'node', '--client', 'node', '--report', reports);
    expect(status).toBe(0);
    expect(await readdir(join(reports, 'latest'))).toEqual([]);
  });

  test('whose file leads out of its folder is refused', async () => {
    const reports = join(folder, 'passing');
    const place = join(folder, 'tampered');
    await mkdir(place);
    const text = await readFile(join(reports, 'latest', 'run.json'), 'utf8');
    await writeFile(join(place, 'run.json'), text.replaceAll(/"evidence": "scenarios/g, '"evidence": "../passing'));
    const { status, err } = await halfopen('judge', place);
    expect(err).toContain('evidence');
    expect(status).toBe(2);
  });

  test('is silent in CI but for what did not pass, and for its end', async () => {
    const child = start(['run', ID, '--server', 'node', '--client', 'node', '--report', join(folder, 'ci')], {
      env: { CI: 'true' },
    });
    const { out } = await ended(child);
    expect(out).not.toContain('✓ pass  disconnect');
    expect(out).toContain('1 ✓ pass');
  });

  test('tells machines one JSON object a line', async () => {
    const { out } = await halfopen(
      'run',
      ID,
      '--server',
      'node',
      '--client',
      'node',
      '--report',
      join(folder, 'json'),
      '--json',
    );
    const types = out
      .trim()
      .split('\n')
      .map((each) => (JSON.parse(each) as { type: string }).type);
    expect(types).toEqual(['started', 'job-started', 'result', 'finished']);
  });

  test('plans the same bytes from the same seed', async () => {
    const plan = async (seed: string): Promise<string> => (await halfopen('explain', ID, '--seed', seed, '--json')).out;
    expect(await plan('a')).toBe(await plan('a'));
    expect(await plan('a')).not.toBe(await plan('b'));
  });
});

describe("a user's own subject", () => {
  const config = async (name: string, text: string): Promise<string> => {
    const place = join(folder, name);
    await mkdir(place);
    await writeFile(join(place, 'halfopen.config.ts'), text);
    return place;
  };

  test('is named in the configuration; its failure shows claim, expected, actual and how to run it again', async () => {
    const place = await config('own', "export default { subjects: { mine: { command: ['node', 'mine.mjs'] } } };");
    await writeFile(join(place, 'mine.mjs'), "console.log('hello'); process.exit(1);");
    const { status, out } = await ended(
      start(['run', ID, '--server', 'node', '--client', 'mine', '--seed', 'x'], { cwd: place }),
    );
    expect(status).toBe(1);
    expect(out).toContain('✗ fail');
    expect(out).toMatch(/claim {5}A message cut by RST/);
    expect(out).toMatch(/expected /);
    expect(out).toMatch(/actual /);
    expect(out).toContain(`again     npx halfopen run ${ID} --server node --client mine --seed x`);
    expect(JSON.parse(await readFile(join(place, 'reports/latest/environment.json'), 'utf8'))).toMatchObject({
      halfopen: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
      subjects: {
        mine: { command: 'node mine.mjs', files: [expect.any(String), expect.stringMatching(/^mine\.mjs sha256:/)] },
      },
    });
    const again = await ended(start(['run', '--last-failed'], { cwd: place }));
    expect(again.out).toMatch(/^halfopen {2}1 case of 1 scenario and 1 pair, in 1 cell \(.*\), seed x\n/);
    expect(again.out).toContain(`✗ fail  ${ID}  mine→node`);
    expect(again.status).toBe(1);
    const narrow = "matrix: { scenarios: ['clean-exchange'] }, subjects: { mine: { command: ['node', 'mine.mjs'] } }";
    await writeFile(join(place, 'halfopen.config.ts'), `export default { ${narrow} };`);
    const past = await ended(start(['run', '--last-failed'], { cwd: place }));
    expect(past.out).toContain(`✗ fail  ${ID}  mine→node`);
  });

  test('that does not exist is told with its reason, as a failure of the set-up', async () => {
    const place = await config('absent', "export default { subjects: { gone: { command: ['/nowhere/gone'] } } };");
    const { status, out } = await ended(start(['run', ID, '--server', 'gone', '--client', 'node'], { cwd: place }));
    expect(out).toContain('! setup-error');
    expect(out).toMatch(/because .*\/nowhere\/gone could not be started/);
    expect(status).toBe(3);
  });

  test.each([
    ['unknown-key', 'export default { subject: {} };', 'subject: there is no such key. Did you mean "subjects"?'],
    ['no-command', 'export default { subjects: { a: { command: [] } } };', 'subjects.a.command'],
    [
      'taken-name',
      "export default { subjects: { node: { command: ['x'] } } };",
      '"node", which comes with the product',
    ],
    ['broken', 'export default {', 'cannot be loaded'],
  ])('with a configuration that is wrong (%s) is one clear line', async (name, text, message) => {
    const place = await config(name, text);
    const { status, err } = await ended(start(['run'], { cwd: place }));
    expect(status).toBe(2);
    expect(err).toContain('halfopen.config.ts');
    expect(err).toContain(message);
  });
});

describe('wrong use is one clear line and exit status 2', () => {
  test.each([
    [['run', '--sead', '1'], 'no flag --sead. Did you mean "--seed"?'],
    [['run', 'disconect'], 'no scenario matches "disconect".'],
    [['run', '--seed'], '--seed'],
    [['run', '--cells', 'many'], '--cells takes a whole number from 1 to 64, not "many"'],
    [['run', '--server', 'pithon'], 'Did you mean "python"? There are node, python, go'],
    [['run', '--cell', 'dokcer'], '--cell takes local or docker or compose, not "dokcer". Did you mean "docker"?'],
    [['runn'], 'no verb "runn". Did you mean "run"?'],
    [['explain', 'nothing/like-it'], 'no scenario "nothing/like-it"'],
    [['judge', '/nowhere'], 'it is no run and no attempt'],
    [['report', '/nowhere'], 'there is no run folder at /nowhere'],
    [['report', 'diff', '/nowhere', '/nowhere'], 'there is no run folder at /nowhere'],
    [['report', 'open', '/nowhere'], 'there is no report to open: /nowhere/index.html'],
    [['report', 'diff', '/nowhere'], 'report diff takes two run folders'],
    [['report', 'merge'], 'report merge takes the run folders'],
    [['clean', 'all'], 'clean takes no words'],
    [['doctor', 'x'], 'doctor takes no words, and was given "x"'],
    [['run', 'fault:freze'], 'no scenario matches "fault:freze". Did you mean "fault:freeze"?'],
    [['run', '--shard', '3/2'], '--shard takes I/N, as in 1/4, not "3/2"'],
    [['run', ID, '--report', '/dev/null/reports'], 'the report folder /dev/null/reports cannot be written'],
    [['run', ID, '--report', '/proc/nowhere'], 'the report folder /proc/nowhere cannot be written'],
  ])('halfopen %j', async (args, message) => {
    const { status, err } = await halfopen(...args);
    expect(err).toContain(message);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(status).toBe(2);
  });

  test('no verb at all shows the overview', async () => {
    const { status, out } = await halfopen();
    expect(out).toContain('halfopen run [FILTER…]');
    expect(status).toBe(2);
  });

  test('--help of a verb is no error', async () => {
    const { status, out } = await halfopen('run', '--help');
    expect(out).toContain('--until-fail');
    expect(status).toBe(0);
  });
});

const LONG = ['run', 'dead-peer', '--server', 'node', '--client', 'node', '--repeat', '50', '--cells', '2'];

describe.skipIf(process.platform !== 'linux')('nothing is left', () => {
  test('after Ctrl-C: cleaned up, the report written, exit 130', async () => {
    const reports = join(folder, 'interrupted');
    const child = start([...LONG, '--report', reports]);
    await line(child, '✓ pass');
    await underWay(child);
    child.kill('SIGINT');
    const { status, out } = await ended(child);
    expect(status).toBe(130);
    expect(out).toContain('not-run');
    const run = await readRun(reports);
    expect(run.exitStatus).toBe(130);
    expect(run.counts.interrupted).toBeGreaterThan(0);
    expect(await readdir(join(reports, 'latest'))).toContain('index.html');
    expect(await marked(child.pid ?? 0)).toEqual([]);
  });

  test('after SIGTERM: exit 143', async () => {
    const child = start([...LONG, '--report', join(folder, 'terminated')]);
    await line(child, '✓ pass');
    child.kill('SIGTERM');
    expect((await ended(child)).status).toBe(143);
    expect(await marked(child.pid ?? 0)).toEqual([]);
  });

  test('after an ordinary pass, and after an ordinary fail', async () => {
    const frozen = ['run', 'dead-peer/a-frozen-server-is-noticed', '--server', 'node', '--client'];
    for (const [client, comesTo] of [
      ['node', 0],
      ['dead-peer-never-noticed', 1],
    ] as const) {
      const child = start([...frozen, client, '--report', join(folder, `frozen-${client}`)]);
      await underWay(child);
      expect((await ended(child)).status).toBe(comesTo);
      expect(await marked(child.pid ?? 0)).toEqual([]);
    }
  });

  /** A run that was killed while one of its processes was stopped, so that this cannot follow the end of its input. */
  const killedRun = async (reports: string): Promise<{ owner: number; stopped: number }> => {
    const child = start([...LONG, '--report', reports]);
    await line(child, '✓ pass');
    const stopped = await underWay(child);
    process.kill(stopped, 'SIGSTOP');
    child.kill('SIGKILL');
    await ended(child);
    const owner = child.pid ?? 0;
    expect(await marked(owner)).toContain(stopped);
    return { owner, stopped };
  };

  test('after kill -9: the next run sweeps what is frozen or hangs, and the killed one can still be read', async () => {
    const reports = join(folder, 'killed');
    const { owner } = await killedRun(reports);
    const next = ['run', ID, '--server', 'node', '--client', 'node', '--report', join(folder, 'next')];
    expect((await halfopen(...next)).status).toBe(0);
    expect(await marked(owner)).toEqual([]);
    const run = await readRun(reports);
    expect(run.exitStatus).toBeNull();
    const rendered = await halfopen('report', join(reports, 'latest'));
    expect(rendered.status).toBe(0);
    // Judging again makes no whole run of it.
    expect((await halfopen('judge', join(reports, 'latest'))).status).not.toBe(0);
    expect((await readRun(reports)).exitStatus).toBeNull();
  });

  test('after kill -9 and clean, which says what it ended', async () => {
    const { owner, stopped } = await killedRun(join(folder, 'cleaned'));
    const { status, out } = await halfopen('clean');
    expect(status).toBe(0);
    expect(out).toContain(String(stopped));
    expect(await marked(owner)).toEqual([]);
  });

  test('clean leaves the processes of a living harness alone', async () => {
    const child = start([...LONG, '--report', join(folder, 'living')]);
    await line(child, '✓ pass');
    await halfopen('clean');
    await line(child, '✓ pass');
    child.kill('SIGINT');
    const { status } = await ended(child);
    expect(status).toBe(130);
    expect((await readRun(join(folder, 'living'))).counts.fail).toBe(0);
  });
});

describe.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')('a full disk', () => {
  const diskOf = async (size: string): Promise<string> => {
    const disk = join(folder, `disk-${size}`);
    await mkdir(disk);
    await ended(spawn('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk]));
    return disk;
  };

  test('that has no room for the report changes no verdict, and the last line says that there is no report and why', async () => {
    const disk = await diskOf('120k');
    try {
      const { status, out } = await halfopen('run', ID, '--server', 'node', '--client', 'node', '--report', disk);
      expect(status).toBe(0);
      expect(out.trim().split('\n').at(-1)).toMatch(
        /^no report: \S+ cannot be written: ENOSPC.*the verdicts stand, and "halfopen report .+"/,
      );
      expect(await readdir(join(disk, 'latest'))).not.toContain('index.html');
    } finally {
      await ended(spawn('umount', [disk]));
    }
  });

  test('that evidence fills keeps the verdicts reached before: room was kept for them', async () => {
    const disk = await diskOf('600k');
    try {
      const pair = ['--server', 'node', '--client', 'node', '--cells', '1'];
      const { status } = await halfopen('run', 'framing', ...pair, '--report', disk);
      expect(status).toBe(3);
      const { counts, results, exitStatus } = await readRun(disk);
      expect(exitStatus).toBe(3);
      expect(counts.pass).toBeGreaterThan(0);
      expect(counts['setup-error']).toBeGreaterThan(0);
      expect(results.find(({ verdict }) => verdict === 'setup-error')?.reason).toMatch(
        /could not be written.*ENOSPC.*free some space/,
      );
      expect(await readdir(join(disk, 'latest'))).not.toContain('run.json.reserve');
    } finally {
      await ended(spawn('umount', [disk]));
    }
  });

  test('that the output of a plain client fills is a setup-error as well, and its server does not go on listening', async () => {
    const disk = await diskOf('200k');
    const server = `'${process.execPath}' -e "require('node:net').createServer().listen({port}, '{host}')"`;
    const pair = ['--plain-server', server, '--plain-client', 'head -c 250000 /dev/zero # {port}'];
    try {
      const child = start(['run', 'late-bytes', ...pair, '--report', disk]);
      const { status, out, err } = await ended(child);
      expect(out + err).toContain('ENOSPC');
      expect(out + err).not.toContain('please report this');
      expect(status).toBe(3);
      expect(await marked(child.pid ?? 0)).toEqual([]);
    } finally {
      await ended(spawn('umount', [disk]));
    }
  });

  test('that is full from the start is wrong use, in one line', async () => {
    const disk = await diskOf('4k');
    try {
      const { status, err } = await halfopen('run', ID, '--server', 'node', '--client', 'node', '--report', disk);
      expect(err).toMatch(/^halfopen: the report folder .* cannot be written: ENOSPC.*--report DIR\.\n$/);
      expect(status).toBe(2);
    } finally {
      await ended(spawn('umount', [disk]));
    }
  });

  test.each(['24k', '64k', '100k'])('of %s is a setup-error with its cause, and exit status 3', async (size) => {
    const disk = await diskOf(size);
    try {
      const { status, out, err } = await halfopen(
        'run',
        'framing',
        '--server',
        'node',
        '--client',
        'node',
        '--report',
        disk,
      );
      expect(out + err).toContain('ENOSPC');
      expect(out + err).not.toContain('please report this');
      const { results } = await readRun(disk);
      // Whoever is told that the report can be made later must find the results there.
      const cases = Number(/(\d+) cases/.exec(out)?.[1]);
      expect(out.includes('the verdicts stand')).toBe(results.length === cases);
      expect(status).toBe(3);
      expect((await readdir(join(disk, 'latest'))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    } finally {
      await ended(spawn('umount', [disk]));
    }
  });
});
