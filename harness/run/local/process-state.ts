/**
 * What the kernel says of a process: its state letter, from `/proc/<pid>/stat` (man 5 proc), or from `ps` elsewhere.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The state letter of a process (`R`, `S`, `T`, `Z` …), or `null` where there is no such process. */
export async function processState(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') {
    return run('ps', ['-o', 'state=', '-p', String(pid)]).then(
      ({ stdout }) => stdout.trim().charAt(0) || null,
      () => null,
    );
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null);
  // The name in parentheses may itself hold spaces and parentheses; the state follows the last one.
  return stat === null ? null : stat.charAt(stat.lastIndexOf(')') + 2);
}
