/**
 * What the kernel says a process holds: TCP sockets by state, descriptors, memory, time on a core.
 *
 * Owns one reading of `/proc/<pid>` (man 5 proc), done at once: a few dozen calls that never wait for a disk, where a
 * thread pool under load would make a second of them. Elsewhere, or for a process that is gone, there is none.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

import type { RecordOf } from '../evidence/record.ts';

export type Reading = Pick<
  RecordOf<'reading'>,
  'sockets' | 'fds' | 'residentBytes' | 'peakBytes' | 'cpuMs' | 'waitedMs'
>;

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

/** A socket whose state was not looked up. */
const UNRESOLVED = 'socket';

const PAGE_BYTES = 4096;

/** Ticks a second in `/proc/<pid>/stat`: 100 on every Linux that Node runs on (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;

/** What a look at a process's sockets found: how many, and of what state where there were more than it should need. */
type Sockets = Reading['sockets'];

/**
 * Takes one reading; `null` where there is no such process to read. Never throws.
 *
 * @param expectedSockets look at the states of its sockets only if it has more: the kernel's table is slow to read on a
 *   machine with many. `null`: do not count them at all
 */
export function readProcess(pid: number, expectedSockets: number | null): Reading | null {
  try {
    const links = descriptors(pid);
    return {
      sockets: expectedSockets === null ? {} : socketsAmong(pid, links, expectedSockets),
      fds: links.length,
      residentBytes: Number(told(pid, 'statm').split(' ')[1] ?? 0) * PAGE_BYTES,
      ...peak(told(pid, 'status')),
      cpuMs: cpuMs(told(pid, 'stat')),
      waitedMs: waitedMs(pid),
    };
  } catch {
    return null;
  }
}

function socketsAmong(pid: number, links: readonly string[], expected: number): Sockets {
  const inodes = links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
  const local = unixSockets(pid);
  const network = inodes.filter((inode) => !local.has(inode));
  if (network.length <= expected) return network.length === 0 ? {} : { [UNRESOLVED]: network.length };
  const states = new Map([...socketStates(pid, 'tcp'), ...socketStates(pid, 'tcp6')]);
  return countStates(network, states);
}

/** Inodes of the local sockets in the process's namespace: a child's standard streams are such. */
function unixSockets(pid: number): Set<string> {
  const rows = told(pid, 'net/unix').split('\n').slice(1);
  return new Set(rows.flatMap((row) => row.trim().split(/\s+/)[6] ?? []));
}

function told(pid: number, file: string): string {
  return readFileSync(`/proc/${pid}/${file}`, 'latin1');
}

/** What each descriptor stands for; one that was closed meanwhile is left out. */
function descriptors(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${name}`)];
    } catch {
      return [];
    }
  });
}

/** Inode and state of each TCP socket in the process's own network namespace. */
function socketStates(pid: number, table: 'tcp' | 'tcp6'): [string, string][] {
  return told(pid, `net/${table}`)
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .flatMap((fields): [string, string][] => {
      const [state, inode] = [fields[3], fields[9]];
      return state === undefined || inode === undefined ? [] : [[inode, STATES[state] ?? state]];
    });
}

function countStates(inodes: readonly string[], states: ReadonlyMap<string, string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const inode of inodes) {
    const state = states.get(inode) ?? UNRESOLVED;
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

/** `VmHWM:     1234 kB`; nothing where the kernel does not keep it. */
function peak(status: string): Pick<Reading, 'peakBytes'> {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? {} : { peakBytes: Number(kib) * 1024 };
}

/** User and system time: fields 14 and 15, counted after the name in parentheses, which may hold spaces. */
function cpuMs(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  return (ticks * 1000) / TICKS_PER_SECOND;
}

/**
 * How long the thread that wanted a core most had to wait for one: a runtime may be busy in any thread, and waits of several
 * at once would add up to more than there was time. 0 where the kernel does not count it.
 */
function waitedMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => threadTimes(pid, thread));
  return threads.reduce((most, one) => (one.ranMs + one.waitedMs > most.ranMs + most.waitedMs ? one : most)).waitedMs;
}

/** The first two of three numbers, in nanoseconds. A thread that has ended meanwhile had none. */
function threadTimes(pid: number, thread: string): { readonly ranMs: number; readonly waitedMs: number } {
  try {
    const [ran = '0', waited = '0'] = told(pid, `task/${thread}/schedstat`).split(' ');
    return { ranMs: Number(ran) / 1e6, waitedMs: Number(waited) / 1e6 };
  } catch {
    return { ranMs: 0, waitedMs: 0 };
  }
}
