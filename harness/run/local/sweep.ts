/**
 * Ends the processes that a killed harness left behind, and nobody else's.
 *
 * Owns the mark every local process carries in its environment: the harness's pid and start time, so that a reused
 * pid is not taken for a living harness. Linux only: other systems do not show a process's environment.
 */
import { readdir, readFile } from 'node:fs/promises';

/** Environment variable that carries the mark. */
export const OWNER_VARIABLE = 'HALFOPEN_OWNER';

async function startTime(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null);
  // Field 22 of /proc/<pid>/stat (man 5 proc), counted behind the name in parentheses.
  return stat === null ? null : (stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null);
}

/** This harness's mark. */
export async function ownerMark(): Promise<string> {
  return `${process.pid}:${(await startTime(process.pid)) ?? '0'}`;
}

async function ownerAlive(mark: string): Promise<boolean> {
  const [pid = '', started = ''] = mark.split(':');
  return /^\d+$/.test(pid) && (await startTime(Number(pid))) === started;
}

/** Processes whose harness is gone. */
async function orphans(): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      const entry = environment.split('\0').find((line) => line.startsWith(`${OWNER_VARIABLE}=`));
      if (entry === undefined || (await ownerAlive(entry.slice(OWNER_VARIABLE.length + 1)))) return [];
      return [pid];
    }),
  );
  return found.flat();
}

/**
 * Ends what is left of harnesses that are gone.
 *
 * @returns the pids that were ended; empty where there was nothing, or where the system does not tell
 */
export async function sweepLocal(): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const swept = (await orphans()).filter((pid) => pid !== process.pid);
  for (const pid of swept) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  return swept;
}
