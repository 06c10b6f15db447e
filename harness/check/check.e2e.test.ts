import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import * as v from 'valibot';
import { beforeAll, describe, expect, test } from 'vitest';

import { CHECK } from '../cli/help/other-pages.ts';
import { buildGoSubject, GO_PROGRAM } from '../suite/go-subject.ts';
import { pythonCommand } from '../suite/python.ts';

const HALFOPEN = fileURLToPath(new URL('../cli/halfopen.js', import.meta.url));
const service = (path: string): string => fileURLToPath(new URL(`../../services/${path}`, import.meta.url));

const python = await pythonCommand();
const REFERENCES = [
  { name: 'node', needs: process.execPath, command: [process.execPath, service('node/main.ts')] },
  { name: 'python', needs: 'python3', command: [...python, service('python/main.py')] },
  { name: 'go', needs: 'go', command: [GO_PROGRAM] },
  { name: 'python --select', needs: 'python3', command: [...python, service('python/main.py'), '--select'] },
];

/** CI has every runtime: there a missing one must fail and not be passed over. */
function isThere(program: string): boolean {
  return process.env['CI'] === 'true' || spawnSync(program, ['--version']).error === undefined;
}
const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}.js`, import.meta.url));

const lineSchema = v.object({
  type: v.picklist(['clause', 'finished']),
  id: v.optional(v.string(), ''),
  outcome: v.optional(v.string(), ''),
  miss: v.optional(v.nullable(v.object({ expected: v.string(), actual: v.string() })), null),
  again: v.optional(v.nullable(v.string()), null),
  exitStatus: v.optional(v.number(), -1),
});

async function halfopen(...args: readonly string[]) {
  const child = spawn(process.execPath, [HALFOPEN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  await once(child, 'close');
  return { status: child.exitCode, out, err };
}

async function check(...args: readonly string[]) {
  const { status, out, err } = await halfopen('check', '--json', ...args);
  const lines = out.split('\n').flatMap((line) => (line === '' ? [] : [v.parse(lineSchema, JSON.parse(line))]));
  const clauses = lines.filter(({ type }) => type === 'clause');
  const ids = (word: string): string[] => clauses.filter(({ outcome }) => outcome === word).map(({ id }) => id);
  return {
    status,
    err,
    clauses,
    finished: lines.at(-1),
    missed: ids('missed'),
    kept: ids('kept'),
    skipped: ids('not-checked'),
  };
}

/** Each wrong subject, the clauses it is put to, and the lines that must name it: these and no others. */
const WRONG: readonly {
  readonly name: string;
  readonly only: readonly string[];
  readonly missed: readonly string[];
}[] = [
  { name: 'prints-garbage', only: ['server/echo/prefix32'], missed: ['output/lines'] },
  { name: 'prints-unknown-event', only: ['server/listening'], missed: ['server/listening', 'output/events'] },
  { name: 'floods-its-output', only: ['server/listening'], missed: ['server/listening', 'output/bounded'] },
  { name: 'exits-1', only: ['server/echo/prefix32'], missed: ['end/status'] },
  { name: 'flushes-at-exit', only: ['server/listening'], missed: ['server/listening'] },
  {
    name: 'ignores-end-of-input',
    only: ['server/end/between-messages'],
    missed: ['server/end/between-messages', 'end/in-time'],
  },
  { name: 'exits-when-done', only: ['client/end/done'], missed: ['client/end/done', 'end/not-before'] },
  {
    name: 'wrong-digest',
    only: ['server/echo/prefix32', 'client/echo/prefix32'],
    missed: ['server/echo/prefix32', 'client/echo/prefix32'],
  },
  { name: 'echoes-plain', only: ['server/echo/prefix32'], missed: ['server/echo/prefix32'] },
  {
    name: 'fails-twice',
    only: ['server/truncated/prefix32'],
    missed: ['output/failures'],
  },
  {
    name: 'sends-other-bytes',
    only: ['server/echo/prefix32', 'client/echo/prefix32'],
    missed: ['server/echo/prefix32', 'client/echo/prefix32'],
  },
  { name: 'clock-goes-back', only: ['server/echo/prefix32'], missed: ['output/clock'] },
  { name: 'counts-from-1', only: ['server/echo/prefix32'], missed: ['server/echo/prefix32', 'output/numbers'] },
  { name: 'no-deadline', only: ['client/timeout/reply'], missed: ['client/timeout/reply'] },
  { name: 'own-deadline', only: ['client/timeout/reply'], missed: ['client/timeout/reply'] },
  { name: 'takes-any-size', only: ['server/too-large/prefix32'], missed: ['server/too-large/prefix32'] },
  {
    name: 'calls-a-cut-an-end',
    only: ['server/truncated/prefix32-header'],
    missed: ['server/truncated/prefix32-header'],
  },
  { name: 'silent-127', only: ['server/unsupported/workload'], missed: ['server/unsupported/workload', 'end/status'] },
  { name: 'supports-anything', only: ['server/unsupported/workload'], missed: ['server/unsupported/workload'] },
  {
    name: 'reads-one-value',
    only: ['server/unsupported/json-and-more'],
    missed: ['server/unsupported/json-and-more'],
  },
  { name: 'calls-all-other', only: ['client/unresolved'], missed: ['client/unresolved'] },
  { name: 'speaks-without-role', only: ['start/without-role'], missed: ['start/without-role'] },
];

// Most of these wait for a subject that does nothing: they wait side by side.
describe.concurrent('a wrong subject is named by the right line', () => {
  for (const { name, only, missed } of WRONG) {
    test(`${name}: ${missed.join(', ')}`, async ({ expect: expectHere }) => {
      const result = await check(...only.flatMap((id) => ['--only', id]), process.execPath, fixture(name));
      expectHere(result.missed).toEqual(missed);
      expectHere(result.status).toBe(1);
      for (const clause of result.clauses.filter(({ outcome }) => outcome === 'missed')) {
        expectHere(clause.miss?.expected).not.toBe('');
        expectHere(clause.again).toContain(fixture(name));
      }
    });
  }

  test('every wrong subject of the folder is in the table', async ({ expect: expectHere }) => {
    const known = [
      'right',
      'subject',
      'link',
      'params',
      'never-listens',
      'supports-nothing',
      ...WRONG.map(({ name }) => name),
    ];
    const files = await readdir(new URL('fixtures', import.meta.url));
    expectHere(files.map((file) => file.replace(/\.js$/, '')).sort()).toEqual(known.sort());
  });

  test('one that never listens is waited for once, and nothing else is asked of its role', async ({
    expect: expectHere,
  }) => {
    const result = await check('--role', 'server', process.execPath, fixture('never-listens'));
    expectHere(result.missed).toEqual(['server/listening']);
    expectHere(result.skipped).toContain('server/echo/prefix32');
    expectHere(result.kept).toContain('start/without-role');
    expectHere(result.status).toBe(1);
  });

  test('one that supports nothing is told so, and is no success', async ({ expect: expectHere }) => {
    const { status, out } = await halfopen('check', '--role', 'client', process.execPath, fixture('supports-nothing'));
    expectHere(out).toContain('Nothing is supported');
    expectHere(out).toContain('– unsupported  client/connecting');
    expectHere(status).toBe(1);
  });
});

describe('a right subject', () => {
  test('passes with one workload in one framing; the rest is unsupported, which is no miss', async () => {
    const result = await check(process.execPath, fixture('right'));
    expect(result.missed).toEqual([]);
    expect(result.kept).toEqual(
      expect.arrayContaining(['server/echo/prefix32', 'client/echo/prefix32', 'client/end/done']),
    );
    expect(result.clauses.find(({ id }) => id === 'server/upload')?.outcome).toBe('unsupported');
    expect(result.finished?.exitStatus).toBe(0);
    expect(result.status).toBe(0);
  });

  beforeAll(async () => {
    const failed = isThere('go') ? await buildGoSubject() : null;
    if (failed !== null) throw new Error(failed);
  }, 240_000);

  test.each(REFERENCES.filter(({ needs }) => isThere(needs)))(
    'the reference $name keeps every clause, and none goes unchecked',
    async ({ command }) => {
      const result = await check(...command);
      const others = result.clauses.filter(({ outcome }) => outcome !== 'kept');
      expect(others.map(({ id, outcome, miss }) => ({ id, outcome, miss }))).toEqual([]);
      expect(result.kept.length).toBeGreaterThan(150);
      expect(result.status).toBe(0);
    },
  );
});

describe('the command', () => {
  test.each(CHECK.examples.filter(([line]) => !line.includes('--image')))(
    'does what its help shows: halfopen %s',
    async (line) => {
      const [verb = '', ...words] = line.split(' ');
      // A program stands in for those of the examples, and one clause for all of them.
      const flags = words.slice(
        0,
        words.findIndex((word) => /^(python3|\.\/)/.test(word)),
      );
      const only = flags.includes('--only') ? [] : ['--only', 'server/listening'];
      const { status, out, err } = await halfopen(verb, ...flags, ...only, process.execPath, service('node/main.ts'));
      expect(err).toBe('');
      expect(out).toMatch(/^[1-9]\d* clauses? kept, 0 missed/m);
      expect(status).toBe(0);
    },
  );

  test('takes the id of a rule that it has printed, and shows that alone', async () => {
    const result = await check('--role', 'client', '--only', 'end/status', process.execPath, fixture('right'));
    expect(result.clauses).toEqual([expect.objectContaining({ id: 'end/status', outcome: 'kept' })]);
  });

  test('shows a miss with what was expected, what happened, and how to see it again with all that was printed', async () => {
    const subject = [process.execPath, fixture('echoes-plain')];
    const { out } = await halfopen('check', '--only', 'server/echo/prefix32', ...subject);
    expect(out).toMatch(/✗ missed {2}server\/echo\/prefix32 {2}As server it plays "echo" in framing prefix32/);
    expect(out).toMatch(/expected {2}the echo of message 0: a message of 2000 bytes/);
    expect(out).toContain(`again     npx halfopen check --only server/echo/prefix32 ${subject.join(' ')}`);
    expect(out).toMatch(/ran {6}HALFOPEN_CONTRACT='1' HALFOPEN_ROLE='server' HALFOPEN_WORKLOAD='echo'/);
    expect(out).toMatch(/ms {2}printed {2}\{"event":"listening"/);
    expect(out).toMatch(/ms {2}it exited with status 0/);
  });

  test('takes flags behind the command as the command’s own', async () => {
    const { out, status } = await halfopen(
      'check',
      '--only',
      'start/',
      process.execPath,
      fixture('right'),
      '--json',
      '--role',
      'x',
    );
    expect(out).toContain('start/without-role');
    expect(out).not.toContain('{"type"');
    expect(status).toBe(0);
  });

  test.each([
    ['no command', [], 'check takes the command that starts the program'],
    ['a command that is not there', ['no-such-program-here'], 'no-such-program-here could not be started'],
    ['an unknown flag', ['--rol', 'server', 'true'], 'Did you mean "--role"?'],
    ['an unknown role', ['--role', 'servant', 'true'], '--role takes server or client, not "servant"'],
    ['an unknown clause', ['--only', 'server/ecko', 'true'], 'there is no clause "server/ecko"'],
  ])('%s is wrong use: one line and exit status 2', async (_what, args, words) => {
    const { status, out, err } = await halfopen('check', ...args);
    expect(status).toBe(2);
    expect(err).toContain(words);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(out).toBe('');
  });

  test('--help says what it takes', async () => {
    const { status, out } = await halfopen('check', '--help');
    expect(status).toBe(0);
    expect(out).toContain('--only WORD');
  });

  test.runIf(process.platform === 'linux')('leaves no process behind when it is interrupted', async () => {
    const subject = fixture('ignores-end-of-input');
    const child = spawn(process.execPath, [HALFOPEN, 'check', '--role', 'server', process.execPath, subject], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    await once(child, 'close');
    expect(child.exitCode).toBe(130);
    expect(await commandLinesWith(subject)).toEqual([]);
  });
});

async function commandLinesWith(word: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(word));
}
