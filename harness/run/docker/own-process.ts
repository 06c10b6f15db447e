/**
 * Whether a number by which the engine names a process is this machine's: only then can it be metered and signalled here.
 */
import { readFile } from 'node:fs/promises';

/** Says no for an engine on another machine, and for processes that are not ours to see. */
export async function isOwnProcess(pid: number, containerId: string): Promise<boolean> {
  const groups = await readFile(`/proc/${pid}/cgroup`, 'latin1').catch(() => '');
  return groups.includes(containerId);
}
