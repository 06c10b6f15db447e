/**
 * The command on a real terminal, and a failing case that it keeps running.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const COMMAND = fileURLToPath(new URL('halfopen.js', import.meta.url));
/** A terminal of its own for a command: what is written to this reaches it as typed keys. */
const TERMINAL = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';
const DEAD_PEERS = ['run', 'a-frozen', '--server', 'node', '--client', 'node', '--cells', '2', '--seed', 's'];
const FAILING = ['run', 'cut-by-fin', '--server', 'node', '--client', 'eof-inside-a-message-delivered', '--seed', 's'];
const CONTROL_C = '\u0003';
const ESCAPE = '\u001b';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-terminal-'));
});

afterAll(() => rm(folder, { recursive: true }));

interface Shown {
  readonly child: ChildProcess;
  /** All that was shown so far. */
  text(): string;
  /** Resolves once something was shown. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its exit status. */
  readonly ended: Promise<number | null>;
}

function show(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Shown {
  const child = spawn(program, [...args, '--report', join(folder, 'reports')], {
    cwd: folder,
    env: { ...process.env, CI: '', TERM: 'xterm', NO_COLOR: '', FORCE_COLOR: undefined, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = once(child, 'close').then(([status]) => status as number | null);
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(text);
      if (found !== null) return found;
      await Promise.race([once(child.stdout, 'data'), ended]);
      if (child.exitCode !== null && !pattern.test(text))
        throw new Error(`it ended without ${String(pattern)}: ${text}`);
    }
  };
  return { child, text: () => text, until, ended };
}

const onTerminal = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Shown =>
  show('python3', ['-c', TERMINAL, process.execPath, COMMAND, ...args], env);
const piped = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Shown =>
  show(process.execPath, [COMMAND, ...args], { GITHUB_ACTIONS: '', ...env });

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Processes that were started in a folder: a run's, and those it started. */
async function processesIn(place: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const places = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
  return pids.filter((_, index) => places[index] === place);
}

/** What a terminal shows in the end: a block that was erased is gone. */
function remains(text: string): string {
  const lines: string[] = [''];
  const pattern = new RegExp(
    `${ESCAPE}\\[(\\d+)A\\r${ESCAPE}\\[J|\\r?\\n|[^\\r\\n${ESCAPE}]+|${ESCAPE}\\[[\\d;]*m|.`,
    'gs',
  );
  for (const [part, up] of text.matchAll(pattern)) {
    if (up !== undefined) lines.splice(lines.length - 1 - Number(up), Number(up) + 1, '');
    else if (part.endsWith('\n')) lines.push('');
    else if (!part.startsWith(ESCAPE)) lines[lines.length - 1] += part;
  }
  return lines.join('\n');
}

describe.skipIf(process.platform !== 'linux')('on a terminal', () => {
  test('a block shows each cell at work: how long, which phase, the faults in force, what is left; then it is gone', async () => {
    const run = onTerminal(DEAD_PEERS);
    expect(await run.ended).toBe(0);
    const text = run.text();
    expect(text).toMatch(/\d+\/\d+ {2}\d+\.\d s {2}about \d+\.\d s left/);
    expect(text).toMatch(/ 1 +\d+\.\d s {2}exchange · freeze in force {2}\w+→\w+ {2}a-[\w-]{20,}/);
    expect(text).toMatch(/ 2 +\d+\.\d s {2}\w+/);
    expect(text).toContain(`${ESCAPE}[32m`);
    const left = remains(text);
    expect(left).not.toContain(' left');
    expect(left).not.toContain('in force');
    expect(left.match(/✓ pass {2}dead-peer/g)?.length).toBeGreaterThan(1);
    expect(left.trim().split('\n').at(-1)).toMatch(/^report: /);
  });

  test('NO_COLOR leaves the block and takes the colours; a dumb terminal gets neither', async () => {
    const plain = onTerminal(DEAD_PEERS, { NO_COLOR: '1' });
    const dumb = onTerminal(DEAD_PEERS, { TERM: 'dumb' });
    expect([await plain.ended, await dumb.ended]).toEqual([0, 0]);
    expect(plain.text()).toContain('s left');
    expect(plain.text()).not.toMatch(new RegExp(`${ESCAPE}\\[[\\d;]*m`));
    expect(dumb.text()).not.toContain(ESCAPE);
  });

  test('Ctrl-C ends a case that is kept, cleans up, and exits 130', async () => {
    const run = onTerminal([...FAILING, '--keep-on-failure']);
    const [, pid = ''] = await run.until(/server +process (\d+)/);
    await run.until(/Enter or Ctrl-C/);
    run.child.stdin?.write(CONTROL_C);
    expect(await run.ended).toBe(130);
    expect(await isThere(`/proc/${pid}`)).toBe(false);
    expect(run.text()).toMatch(/report: /);
  });
});

test.skipIf(process.platform !== 'linux')('Ctrl-C twice ends at once, and the next start sweeps', async () => {
  const run = onTerminal([...DEAD_PEERS, '--repeat', '50']);
  await run.until(/freeze in force/);
  // Signals that come together are one: it is pressed until it is over.
  const pressing = setInterval(() => run.child.stdin?.write(CONTROL_C), 2);
  run.child.stdin?.on('error', () => undefined);
  expect(await run.ended).toBe(130);
  clearInterval(pressing);
  expect(run.text()).not.toMatch(/^report: /m);
  expect(run.text()).toContain(', 50 times each, in 2 cells (');
  expect(await piped(DEAD_PEERS).ended).toBe(0);
  expect(await processesIn(folder)).toEqual([]);
});

test('elsewhere there is one line a verdict, and no control sequence', async () => {
  const run = piped(DEAD_PEERS);
  expect(await run.ended).toBe(0);
  expect(run.text()).not.toContain(ESCAPE);
  expect(run.text()).not.toContain(' left');
});

test('on GitHub a failure is an annotation too', async () => {
  const run = piped(FAILING, { GITHUB_ACTIONS: 'true', CI: 'true' });
  expect(await run.ended).toBe(1);
  expect(run.text()).toMatch(/^::error title=fail%3A A message cut by FIN .*%0Anpx halfopen run disconnect/m);
});

describe.skipIf(process.platform !== 'linux')('a failing case that is kept', () => {
  test('can be got into: its processes live, its proxy answers and the fault is in force; Enter ends it', async () => {
    const run = piped([...FAILING, 'disconnect/a-message-cut-by-rst', '--keep-on-failure']);
    const [, fault = ''] = await run.until(/stopped after its exchange; in force: (\w+)/);
    const [, server = '', serverAt = ''] = await run.until(/server +process (\d+), the proxy reaches it at ([\d.:]+)/);
    const [, proxyAt = ''] = await run.until(/proxy +the client reaches it at ([\d.:]+)/);
    const [, api = ''] = await run.until(/its API is at (http:\S+)/);
    await run.until(/Enter or Ctrl-C/);
    expect(await isThere(`/proc/${server}`)).toBe(true);
    const proxies = Object.values((await (await fetch(api)).json()) as Record<string, unknown>);
    expect(proxies).toEqual([expect.objectContaining({ listen: proxyAt, upstream: serverAt })]);
    expect(fault).toBe('fin');
    run.child.stdin?.write('\n');
    expect(await run.ended).toBe(1);
    expect(await isThere(`/proc/${server}`)).toBe(false);
    await expect(fetch(api)).rejects.toThrow('fetch failed');
    // Nothing is run after it: the scenario that it is asked for besides comes later.
    expect(run.text()).toMatch(/1 ✗ fail/);
    expect(run.text()).toMatch(/1 · not-run/);
  });

  test('is not waited for where nobody can press Enter', async () => {
    const run = piped([...FAILING, '--keep-on-failure']);
    run.child.stdin?.end();
    expect(await run.ended).toBe(1);
    expect(run.text()).toContain('kept');
  });
});
