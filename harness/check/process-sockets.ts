/**
 * The TCP sockets that a process holds, as the kernel has them: man 5 proc, `/proc/<pid>/fd` and `/proc/<pid>/net/tcp`.
 *
 * Owns the reading. A subject may be a wrapper that starts the real program, so the whole process group is looked at.
 */
import { readdir, readFile, readlink } from 'node:fs/promises';

/** One line of the kernel's table. */
export interface TcpSocket {
  readonly localPort: number;
  readonly remotePort: number;
  readonly inode: string;
  /** The timer that runs: `02` is keepalive. */
  readonly timer: string;
}

/** TCP sockets of this machine's network, IPv4 and IPv6; `null` where the system does not tell. */
export async function tcpTable(): Promise<TcpSocket[] | null> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'latin1').catch(() => null)),
  );
  if (tables.every((table) => table === null)) return null;
  return tables.flatMap((table) => (table ?? '').split('\n').slice(1).flatMap(readRow));
}

function readRow(row: string): TcpSocket[] {
  // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode
  const [, local, remote, , , timer, , , , inode] = row.trim().split(/\s+/);
  if (local === undefined || remote === undefined || timer === undefined || inode === undefined) return [];
  return [{ localPort: portOf(local), remotePort: portOf(remote), inode, timer: timer.split(':')[0] ?? '' }];
}

function portOf(address: string): number {
  return Number.parseInt(address.split(':').at(-1) ?? '', 16);
}

/** The TCP sockets of a process group, as `local port → remote port`; `null` where the system does not tell. */
export async function tcpSocketsOf(group: number): Promise<string[] | null> {
  const table = await tcpTable();
  if (table === null) return null;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const inodes = await Promise.all(pids.map(async (pid) => ((await groupOf(pid)) === group ? socketInodes(pid) : [])));
  const held = new Set(inodes.flat());
  return table.flatMap(({ inode, localPort, remotePort }) =>
    held.has(inode) ? [`port ${localPort} → ${remotePort}`] : [],
  );
}

async function groupOf(pid: string): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null);
  // Field 5, counted behind the name in parentheses, which may itself hold spaces.
  return stat === null ? null : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}

async function socketInodes(pid: string): Promise<string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = await Promise.all(
    descriptors.map((descriptor) => readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')),
  );
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}
