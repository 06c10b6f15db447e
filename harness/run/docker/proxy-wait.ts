/**
 * How long the proxies of a Docker cell were kept from running: a chain of proxies that nobody lets run delays what it
 * carries, and no subject is to blame for that.
 *
 * Owns finding their processes; the counting is the local meter's.
 */
import { RunQueueMeter } from '../local/run-queue.ts';
import type { Container } from './engine.ts';
import { isOwnProcess } from './own-process.ts';

export class ProxyWait implements Disposable {
  readonly #meters: readonly RunQueueMeter[];

  private constructor(meters: readonly RunQueueMeter[]) {
    this.#meters = meters;
  }

  /** Finds every process of these containers that runs on this machine; an engine elsewhere shows none. */
  static async of(containers: readonly Container[]): Promise<ProxyWait> {
    const pids = (await Promise.all(containers.map(processesOf))).flat();
    return new ProxyWait(pids.map((pid) => new RunQueueMeter(pid)));
  }

  /** Milliseconds waited so far by all of them together; `null` where that can't be known. */
  waitedMs(): number | null {
    const waits = this.#meters.map((meter) => meter.waitedMs()).filter((waitedMs) => waitedMs !== null);
    return waits.length === 0 ? null : waits.reduce((sum, waitedMs) => sum + waitedMs, 0);
  }

  [Symbol.dispose](): void {
    for (const meter of this.#meters) meter.close();
  }
}

async function processesOf(container: Container): Promise<number[]> {
  const { Titles, Processes } = (await container.top({ ps_args: '-o pid,comm' })) as TopAnswer;
  const column = Titles.indexOf('PID');
  const pids = Processes.map((row) => Number(row[column]));
  const ours = await Promise.all(pids.map((pid) => isOwnProcess(pid, container.id)));
  return pids.filter((_, index) => ours[index]);
}

interface TopAnswer {
  readonly Titles: readonly string[];
  readonly Processes: readonly (readonly string[])[];
}
