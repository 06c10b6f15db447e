/**
 * For the tests: the command as a process of its own, run in Docker cells, and what it left.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import * as v from 'valibot';
import { expect } from 'vitest';

import { runSchema } from '../../evidence/run.ts';
import type { Run } from '../../evidence/run.ts';
import { openEngine } from './engine.ts';
import { OWNER_LABEL } from './owner.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface Ran {
  readonly status: number | null;
  readonly pid: number | undefined;
  /** The run's folder. */
  readonly folder: string;
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
  const ownFolder = join(reports, name);
  const run = v.parse(runSchema, JSON.parse(await readFile(join(ownFolder, 'run.json'), 'utf8')));
  const report = await readFile(join(ownFolder, 'index.html'), 'utf8');
  return { status: child.exitCode, pid: child.pid, folder: ownFolder, run, report, errors };
}

/** What there is on the engine of all that a command made, by name: containers, also ended ones, and networks. */
export async function leftOf({ pid }: Ran): Promise<string[]> {
  const engine = await openEngine();
  const filters = { label: [OWNER_LABEL] };
  const containers = await engine.listContainers({ all: true, filters });
  const networks = await engine.listNetworks({ filters });
  const found = [
    ...containers.map(({ Names, Labels }) => ({ name: Names.join(), labels: Labels })),
    ...networks.map(({ Name, Labels = {} }) => ({ name: Name, labels: Labels })),
  ];
  const mark = `${hostname()} ${pid}:`;
  return found.flatMap(({ name, labels }) => (labels[OWNER_LABEL]?.startsWith(mark) === true ? [name] : []));
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
