/**
 * What is left in the group of a process that has exited: what it started with an environment of its own has no mark.
 *
 * Owns that the group is still that one: its number is given to nobody else while it has members, and where there is a
 * process of that number again the group is somebody else's. What has made a session of its own is not in it.
 */
import { readFile } from 'node:fs/promises';

import { bornAfter, end } from './sweep.ts';

/** Whether anybody is in the group of a process. To be asked as soon as that has exited: its number may be given anew. */
export function hasMembers(leader: number): boolean {
  try {
    process.kill(-leader, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Ends who is still in the group and session that an exited process had begun, and returns which. Linux only; elsewhere
 * nobody is found.
 */
export async function endMembers(leader: number): Promise<number[]> {
  if (process.platform !== 'linux' || (await placeOf(leader)) !== null) return [];
  const places = await Promise.all((await bornAfter(leader)).map(async (pid) => ({ pid, place: await placeOf(pid) })));
  const members = places.flatMap(({ pid, place }) =>
    place !== null && place.group === leader && place.session === leader && !place.isOver ? [pid] : [],
  );
  for (const pid of members) end(pid);
  return members;
}

interface Place {
  readonly group: number;
  readonly session: number;
  /** It has ended, and whoever adopted it has not taken note. */
  readonly isOver: boolean;
}

/** Where a process stands; `null`: there is none. */
async function placeOf(pid: number): Promise<Place | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null);
  if (stat === null) return null;
  // State, parent, group and session follow the name in parentheses (man 5 proc).
  const [state = '', , group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { group: Number(group), session: Number(session), isOver: 'ZX'.includes(state) };
}
