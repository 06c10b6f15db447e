/**
 * For tests: the reference subjects as commands, and which of them this machine can run.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'halfopen-subjects-'));
const GO = join(folder, 'subject');

/** The interpreter itself: what stands in its place on the PATH may be a script that takes longer to start than the subject. */
const PYTHON = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout?.trim();
const python = [PYTHON || 'python3', '-E', '-S'] as const;

export const COMMANDS = {
  node: [process.execPath, here('node/main.ts')],
  python: [...python, here('python/main.py')],
  'python --select': [...python, here('python/main.py'), '--select'],
  go: [GO],
} as const;
export type Name = keyof typeof COMMANDS;

/** In CI every language is required; elsewhere the tests of one that is missing are left out, and counted as skipped. */
const isThere = (program: string): boolean =>
  process.env['CI'] === 'true' || spawnSync(program, ['version']).error === undefined;
const HAVE = { python: isThere('python3'), go: isThere('go') };
export const THERE: Readonly<Record<Name, boolean>> = {
  node: true,
  python: HAVE.python,
  'python --select': HAVE.python,
  go: HAVE.go,
};

/** Those that serve: Python has two architectures of a server. */
export const SERVERS = ['node', 'python', 'python --select', 'go'] as const;
/** Those that visit. */
export const CLIENTS = ['node', 'python', 'go'] as const;

/** Builds the Go subject before the tests of a file, and removes it after them. */
export function withGoBuilt(): void {
  beforeAll(() => {
    if (!HAVE.go) return;
    const built = spawnSync('go', ['build', '-o', GO, '.'], { cwd: here('go'), encoding: 'utf8' });
    if (built.status !== 0) throw new Error(`services/go could not be built: ${built.stderr}`, { cause: built.error });
  }, 240_000);
  afterAll(() => rmSync(folder, { recursive: true }));
}
