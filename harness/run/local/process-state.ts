/**
 * What the kernel says of a process: its state letter (`/proc/<pid>/stat`, man 5 proc; `ps` elsewhere).
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
  const stat = statOf(pid);
  // The name in parentheses may itself hold spaces and parentheses; the state follows the last one.
  return stat === null ? null : stat.charAt(stat.lastIndexOf(')') + 2);
}

/** Read at once: it takes microseconds, where a busy thread pool would make a fault of milliseconds last for a second. */
function statOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return null;
  }
}
