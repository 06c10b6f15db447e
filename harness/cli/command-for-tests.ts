/**
 * For the tests: the command as a process of its own, and what it left.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import * as v from 'valibot';
import { onTestFinished } from 'vitest';

import { runSchema } from '../evidence/run.ts';
import type { Run } from '../evidence/run.ts';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const COMMAND = fileURLToPath(new URL('halfopen.js', import.meta.url));

export interface Ended {
  readonly pid: number;
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end, as on a terminal that is none, and not in CI. */
export async function ran(
  [program = '', ...args]: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const env = { ...process.env, CI: '', ...environment };
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { pid: child.pid ?? 0, status: child.exitCode, out, err };
}

/** Runs the command in a folder. */
export function halfopen(
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return ran([process.execPath, COMMAND, ...args], cwd, environment);
}

/** A folder that is gone after the test. */
export async function emptyFolder(afterwards: typeof onTestFinished = onTestFinished): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-command-'));
  afterwards(() => rm(folder, { recursive: true }));
  return folder;
}

/** The newest run of a folder of reports. */
export async function latestRun(reports: string): Promise<Run> {
  return v.parse(runSchema, JSON.parse(await readFile(join(reports, 'latest/run.json'), 'utf8')));
}

/** Processes on this machine that carry our mark of a harness. */
export async function marked(owner: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      return environment.includes(`HALFOPEN_OWNER=${owner}:`) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}
