/**
 * For the tests: the command as a process of its own, run in Docker cells, and what it left.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import * as v from 'valibot';
import { expect } from 'vitest';

import { runSchema } from '../../evidence/run.ts';
import type { Run } from '../../evidence/run.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface Ran {
  readonly status: number | null;
  readonly run: Run;
  readonly report: string;
  /** What it said on standard error. */
  readonly errors: string;
}

export interface Asked {
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly root?: string;
  readonly cwd?: string;
  /** Called with each piece of the command's output. */
  readonly onLine?: (line: string, child: ChildProcess) => void;
}

/**
 * Runs the command in Docker cells, and reads what it left.
 *
 * @param folder in which its reports get one of their own
 */
export async function runInDocker(folder: string, asked: Asked): Promise<Ran> {
  const { args, environment = {}, root = ROOT, cwd = root, onLine } = asked;
  const reports = await mkdtemp(join(folder, 'reports-'));
  const command = [join(root, 'harness/cli/halfopen.js'), 'run', '--cell', 'docker', '--cells', '1', '--json'];
  const child = spawn(process.execPath, [...command, '--report', reports, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  child.stdout.on('data', (chunk: Buffer) => onLine?.(chunk.toString(), child));
  const said = text(child.stderr);
  await once(child, 'close');
  const errors = await said;
  expect(errors).not.toContain('the harness itself failed');
  const [name = ''] = (await readdir(reports)).filter((each) => each !== 'latest');
  const run = v.parse(runSchema, JSON.parse(await readFile(join(reports, name, 'run.json'), 'utf8')));
  const report = await readFile(join(reports, name, 'index.html'), 'utf8');
  return { status: child.exitCode, run, report, errors };
}

/** The verdict and reason of a run with one result. */
export function onlyResult({ run }: Ran) {
  expect(run.results).toHaveLength(1);
  const { verdict, reason } = run.results[0] ?? {};
  return { verdict, reason };
}

/**
 * Makes a copy of what a run needs of the checkout, with another compose file.
 *
 * @returns its folder, for `root`
 */
export async function checkoutWith(folder: string, change: (compose: string) => string): Promise<string> {
  const root = await mkdtemp(join(folder, 'checkout-'));
  for (const part of ['harness', 'scenarios', 'services', 'package.json'])
    await cp(join(ROOT, part), join(root, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  const compose = await readFile(join(ROOT, 'docker-compose.yml'), 'utf8');
  await writeFile(join(root, 'docker-compose.yml'), change(compose));
  return root;
}
