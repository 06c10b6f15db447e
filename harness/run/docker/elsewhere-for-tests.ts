/**
 * For the tests: another machine than the engine's, as far as one can be had on the engine's own. What runs there sees no
 * process and no port of the engine's, and its clock is another; files it shares, so that a socket can lead to the engine.
 */

const OWN_PROCESSES = ['--fork', '--kill-child', '--pid', '--mount-proc'];

/** The kernel gives such a place to root alone. */
export const skipWithoutElsewhere = process.platform !== 'linux' || process.getuid?.() !== 0;

type Program = [program: string, args: string[]];

/** The words that run a command there. @param aheadS by how much its monotonic clock is ahead of the engine's */
export function elsewhere(aheadS: number, command: readonly string[]): Program {
  const spaces = [...OWN_PROCESSES, '--net', '--time', '--monotonic', String(aheadS)];
  return ['unshare', [...spaces, 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', ...command]];
}

/** The words that run a command on the engine's machine, where none of its processes is seen: as in a container on the host's network. */
export function amongOwnProcesses(command: readonly string[]): Program {
  return ['unshare', [...OWN_PROCESSES, ...command]];
}

const HIDDEN = 'test ! -e /var/run/docker.sock || mount --bind /dev/null /var/run/docker.sock; exec "$@"';

/** The words that run a command where nothing answers at the socket that an engine usually has. */
export function withoutUsualSocket(command: readonly string[]): Program {
  return ['unshare', ['--mount', 'sh', '-c', HIDDEN, 'sh', ...command]];
}
