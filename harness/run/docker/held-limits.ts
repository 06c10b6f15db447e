/**
 * Whether a container is held to the limits that were asked for: an engine whose kernel cannot enforce one warns, leaves it
 * out, and runs the container all the same.
 *
 * Owns the comparison, for limits that a scenario or a subject states: under less than those a verdict would say nothing.
 * What every subject has beside them guards the machine, and no claim rests on it.
 */
import type { Resources } from '../../contract/resources.ts';
import { RunError } from '../run-error.ts';
import { answered } from './engine.ts';
import type { Container } from './engine.ts';

const NANO = 1e9;
/** Compose reckons in numbers of 32 bits. */
const ROUNDING = 1e-6;

/** What an engine says that it holds a container to (Docker Engine API, HostConfig). */
export interface HeldTo {
  readonly Memory?: number | undefined;
  /** Memory and swap together; -1: swap without end. */
  readonly MemorySwap?: number | undefined;
  readonly NanoCpus?: number | undefined;
  readonly Ulimits?: readonly { Name?: string | undefined; Hard?: number | undefined }[] | null | undefined;
}

/** The first limit that is asked for and not held, and what would help; `null`: there is none. */
export function missedLimit(asked: Resources, held: HeldTo): { limit: string; remedy: string } | null {
  const { memoryBytes, cpus, fds } = asked;
  if (memoryBytes !== undefined && held.Memory !== memoryBytes)
    return { limit: `memoryBytes: ${memoryBytes}`, remedy: booting('memory', 'cgroup_enable=memory') };
  if (memoryBytes !== undefined && held.MemorySwap !== memoryBytes)
    return { limit: `memoryBytes: ${memoryBytes}, with swap`, remedy: booting('swap', 'swapaccount=1') };
  if (cpus !== undefined && Math.abs((held.NanoCpus ?? 0) / NANO / cpus - 1) > ROUNDING)
    return { limit: `cpus: ${cpus}`, remedy: 'take an engine whose kernel has CONFIG_CFS_BANDWIDTH' };
  if (fds !== undefined && held.Ulimits?.find(({ Name }) => Name === 'nofile')?.Hard !== fds)
    return { limit: `fds: ${fds}`, remedy: 'see which default-ulimits its daemon.json sets' };
  return null;
}

function booting(what: string, option: string): string {
  return `its kernel counts no ${what} of a group of processes: boot it with "${option}", give a rootless engine that controller, or take another engine`;
}

/**
 * @param whose container it is
 * @throws {RunError} `cell-not-started`, with the limit, where the container is not held to what is asked for
 */
export async function demandLimits(container: Container, whose: string, asked: Resources = {}): Promise<void> {
  if (Object.keys(asked).length === 0) return;
  const { HostConfig } = await answered("a container's limits were to be read", container.inspect());
  const missed = missedLimit(asked, HostConfig);
  if (missed === null) return;
  const problem = `the engine does not hold the ${whose} to its resources: it has dropped "${missed.limit}"`;
  throw new RunError('cell-not-started', problem, missed.remedy);
}
