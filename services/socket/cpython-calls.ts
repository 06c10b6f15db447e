/**
 * For tests: calls made on CPython's `socket` by `cpython_calls.py`, and what the same calls give here.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SocketError } from './socket-error.ts';

/** Whether this machine has CPython. */
export const PYTHON = spawnSync('python3', ['--version']).status === 0;

const PROGRAM = fileURLToPath(new URL('cpython_calls.py', import.meta.url));

/**
 * What each call of a task gave in CPython.
 *
 * @param before awaited with the port that CPython's socket has, before the calls begin
 */
export async function inPython(
  task: Readonly<Record<string, unknown>>,
  before: (port: number) => Promise<void> = async () => {},
): Promise<unknown> {
  const child = spawn('python3', [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.write(`${JSON.stringify(task)}\n`);
  await before(Number((await lines.next()).value));
  child.stdin.end('go\n');
  const { value } = await lines.next();
  await once(child, 'close');
  return JSON.parse(String(value));
}

/** What each call gives here, one after the other, in CPython's words: null for nothing, `!code` for an error. */
export async function resultsOf<Call>(
  calls: readonly Call[],
  act: (call: Call) => Promise<unknown>,
): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const call of calls) {
    try {
      results.push((await act(call)) ?? null);
    } catch (error) {
      results.push(error instanceof SocketError ? `!${error.code}` : error);
    }
  }
  return results;
}
