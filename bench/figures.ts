/**
 * Measures in a process of their own: nothing that ran before has a part in them.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Runs a program of this folder, with the collector at hand, and returns the numbers that it prints. */
export async function figuresOf(program: string, ...args: (string | number)[]): Promise<number[]> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', path, ...args.map(String)]);
  return stdout.trim().split(' ').map(Number);
}
