/**
 * Runs the commands of the pages as a reader would type them.
 *
 * Owns where they find this checkout's own command; what they must print is each page's test's matter.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { $ } from 'zx';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface Ran {
  /** `null`: it was ended by a signal. */
  readonly status: number | null;
  /** Standard output, then standard error. */
  readonly output: string;
}

/** Runs a block of commands, which ends at the first that fails, as on a terminal and not in CI. Never throws. */
export async function shell(commands: string, cwd: string = ROOT): Promise<Ran> {
  const own = commands.replaceAll('npx halfopen', `node ${join(ROOT, 'harness/cli/halfopen.js')}`);
  const env = { ...process.env, CI: '', PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}` };
  const { exitCode, stdout, stderr } = await $({ cwd, env, nothrow: true, quiet: true })`sh -ec ${own}`;
  return { status: exitCode, output: stdout + stderr };
}
