/**
 * Ends the processes that a killed harness left behind, and nobody else's.
 *
 * Owns the marks that local processes carry in their environment. The harness's has pid, start time, kernel and namespace,
 * so that a reused pid is not taken for a living harness, nor one in another container, or on another machine of the same
 * name, for a dead one. Linux only: other systems do not show a process's environment.
 */
import { readdir, readFile, readlink } from 'node:fs/promises';

/** Environment variable that carries the mark. */
export const OWNER_VARIABLE = 'HALFOPEN_OWNER';

async function startTime(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null);
  // Field 22 of /proc/<pid>/stat (man 5 proc), counted behind the name in parentheses.
  return stat === null ? null : (stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null);
}

/** Environment variable that tells one subject's process, and what it starts, from all others. */
export const PROCESS_VARIABLE = 'HALFOPEN_PROCESS';

/**
 * Where pids have their meaning: a namespace (man 7 pid_namespaces), whose number is another's too on another kernel, and
 * that kernel's running (man 5 proc, random/boot_id). `null` where there is no /proc to tell.
 */
async function ownPlace(): Promise<string | null> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'latin1');
    return `${boot.trim()}:${await readlink('/proc/self/ns/pid')}`;
  } catch {
    return null;
  }
}

/** This harness's mark. */
export async function ownerMark(): Promise<string> {
  return `${process.pid}:${(await startTime(process.pid)) ?? '0'}:${(await ownPlace()) ?? 'unknown'}`;
}

/** Whether the harness of that mark lives; of one in another place nothing can be told from here. */
export async function ownerState(mark: string): Promise<'lives' | 'gone' | 'elsewhere'> {
  return ownerStateIn(await ownPlace(), mark);
}

/** The same, seen from a place. From one that cannot be told, `null`, nobody's mark is. */
export async function ownerStateIn(place: string | null, mark: string): Promise<'lives' | 'gone' | 'elsewhere'> {
  const [pid = '', started = '', ...rest] = mark.split(':');
  if (rest.join(':') !== place) return 'elsewhere';
  return /^\d+$/.test(pid) && (await startTime(Number(pid))) === started ? 'lives' : 'gone';
}

/**
 * The processes that began after another. The kernel numbers them upwards, and from the bottom again once it has reached
 * its limit; the last number it gave is the fifth field of /proc/loadavg (man 5 proc).
 */
export async function bornAfter(pid: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const newest = Number((await readFile('/proc/loadavg', 'latin1')).split(' ')[4]);
  return pids.filter((each) => each > pid || (newest < pid && each <= newest));
}

/** Every process that began after the one numbered `after` and carries a variable, with the variable's value. */
async function marked(variable: string, after = 0): Promise<{ pid: number; mark: string }[]> {
  const found = await Promise.all(
    (await bornAfter(after)).map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      const entry = environment.split('\0').find((line) => line.startsWith(`${variable}=`));
      return entry === undefined ? [] : [{ pid, mark: entry.slice(variable.length + 1) }];
    }),
  );
  return found.flat();
}

/** Ends a process, if it is still there. */
export function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * The processes that carry this mark. Linux only; elsewhere nothing is found.
 *
 * @param after looks only at those that began after this one, which takes a tenth of the time
 */
export async function findMarked(variable: string, mark: string, after = 0): Promise<number[]> {
  if (process.platform !== 'linux' || mark === '') return [];
  return (await marked(variable, after)).filter((each) => each.mark === mark).map(({ pid }) => pid);
}

/** Ends every process that carries this mark, and returns which. @param after as of `findMarked` */
export async function endMarked(variable: string, mark: string, after = 0): Promise<number[]> {
  const pids = await findMarked(variable, mark, after);
  for (const pid of pids) end(pid);
  return pids;
}

/**
 * Ends what is left of harnesses that are gone.
 *
 * @returns the pids that were ended; empty where there was nothing, or where the system does not tell
 */
export async function sweepLocal(): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const swept: number[] = [];
  for (const { pid, mark } of await marked(OWNER_VARIABLE)) {
    if (pid === process.pid || (await ownerState(mark)) !== 'gone') continue;
    end(pid);
    swept.push(pid);
  }
  return swept;
}
