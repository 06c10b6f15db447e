/**
 * How the product's own Python programs are started.
 *
 * Owns which interpreter `python3` is in the end: a version manager puts a script in its place that takes longer than the
 * program's own start, and every process of every attempt would pay for it.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The programs use the standard library alone, so nothing else that the machine adds to Python is loaded. */
const FLAGS = ['-E', '-S'];
const LIMIT_MS = 10_000;

let found: Promise<string> | null = null;

/** The words before the program's path. Where there is no Python, its name: starting it then says what is missing. */
export async function pythonCommand(): Promise<readonly string[]> {
  found ??= findInterpreter();
  return [await found, ...FLAGS];
}

async function findInterpreter(): Promise<string> {
  const ask = promisify(execFile)('python3', [...FLAGS, '-c', 'import sys; print(sys.executable)'], {
    timeout: LIMIT_MS,
  });
  const path = await ask.then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
  return path === '' ? 'python3' : path;
}
