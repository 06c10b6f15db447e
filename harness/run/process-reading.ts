/**
 * What the kernel says a process holds: TCP sockets by state, descriptors, memory, time on a core.
 *
 * Owns one reading of `/proc/<pid>` (man 5 proc). Elsewhere, or for a process that is gone, there is none.
 */
import { readdir, readFile, readlink } from 'node:fs/promises';

import type { RecordOf } from '../evidence/record.ts';

export type Reading = Pick<RecordOf<'reading'>, 'sockets' | 'fds' | 'residentBytes' | 'cpuMs'>;

/** States of `/proc/net/tcp`, from the kernel's `include/net/tcp_states.h`. */
const STATES: Readonly<Record<string, string>> = {
  '01': 'ESTABLISHED',
  '02': 'SYN_SENT',
  '03': 'SYN_RECV',
  '04': 'FIN_WAIT1',
  '05': 'FIN_WAIT2',
  '06': 'TIME_WAIT',
  '07': 'CLOSE',
  '08': 'CLOSE_WAIT',
  '09': 'LAST_ACK',
  '0A': 'LISTEN',
  '0B': 'CLOSING',
};

const PAGE_BYTES = 4096;

/** Ticks a second in `/proc/<pid>/stat`: 100 on every Linux that Node runs on (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;

/** Takes one reading; `null` where there is no such process to read. Never throws. */
export async function readProcess(pid: number): Promise<Reading | null> {
  try {
    const [links, tables, stat, statm] = await Promise.all([
      descriptors(pid),
      Promise.all([socketStates(pid, 'tcp'), socketStates(pid, 'tcp6')]),
      readFile(`/proc/${pid}/stat`, 'latin1'),
      readFile(`/proc/${pid}/statm`, 'latin1'),
    ]);
    return {
      sockets: countStates(links, new Map(tables.flat())),
      fds: links.length,
      residentBytes: Number(statm.split(' ')[1] ?? 0) * PAGE_BYTES,
      cpuMs: cpuMs(stat),
    };
  } catch {
    return null;
  }
}

/** What each descriptor stands for; one that was closed meanwhile is left out. */
async function descriptors(pid: number): Promise<string[]> {
  const names = await readdir(`/proc/${pid}/fd`);
  const links = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => null)));
  return links.filter((link) => link !== null);
}

/** Inode and state of each TCP socket in the process's own network namespace. */
async function socketStates(pid: number, table: 'tcp' | 'tcp6'): Promise<[string, string][]> {
  const text = await readFile(`/proc/${pid}/net/${table}`, 'latin1').catch(() => '');
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .flatMap((fields): [string, string][] => {
      const [state, inode] = [fields[3], fields[9]];
      return state === undefined || inode === undefined ? [] : [[inode, STATES[state] ?? state]];
    });
}

function countStates(links: readonly string[], states: ReadonlyMap<string, string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const link of links) {
    const state = states.get(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? '');
    if (state !== undefined) counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

/** User and system time: fields 14 and 15, counted after the name in parentheses, which may hold spaces. */
function cpuMs(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  return (ticks * 1000) / TICKS_PER_SECOND;
}
