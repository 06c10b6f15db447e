/** The container engine: its packages, and a running daemon. An engine that is there already is left as it is. */
import { openSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { $ } from 'zx';
import { aptInstall } from './apt.ts';
import type { Step } from './step.ts';

const START_TIMEOUT_MS = 60_000;
const LOG = '/var/log/halfopen-dockerd.log';

const succeeds = async (command: readonly string[]): Promise<boolean> =>
  (await $({ quiet: true, nothrow: true })`${command}`).exitCode === 0;

const engineAnswers = (): Promise<boolean> => succeeds(['docker', 'info']);

/** trixie's runc needs a newer C library than bookworm has; bookworm's own serves. */
const ENGINE = ['docker.io/trixie', 'docker-cli/trixie', 'containerd/trixie', 'runc/bookworm', 'iptables'];

type Part = { readonly there: () => Promise<boolean>; readonly packages: readonly string[] };

const PARTS: readonly Part[] = [
  { there: async () => (await succeeds(['which', 'dockerd'])) || (await engineAnswers()), packages: ENGINE },
  { there: () => succeeds(['docker', 'compose', 'version']), packages: ['docker-compose/trixie'] },
  { there: () => succeeds(['docker', 'buildx', 'version']), packages: ['docker-buildx/trixie'] },
  { there: () => succeeds(['which', 'mmdebstrap']), packages: ['mmdebstrap'] },
];

async function missingPackages(): Promise<string[]> {
  const missing: string[] = [];
  for (const part of PARTS) if (!(await part.there())) missing.push(...part.packages);
  return missing;
}

export const enginePackages: Step = {
  name: 'engine packages',
  present: async () => (await missingPackages()).length === 0,
  make: async () => aptInstall(await missingPackages()),
  remedy:
    'run as root on Debian 12 with its package mirror in reach, or install Docker Engine 26 with Compose and Buildx',
};

export const engineRunning: Step = {
  name: 'engine running',
  present: engineAnswers,
  make: startDaemon,
  remedy: `read ${LOG}; the daemon needs root, cgroups and iptables`,
};

/** Starts the daemon on its own: it outlives this process and holds none of its files, so no pipe of a caller stays open. */
async function startDaemon(): Promise<void> {
  const log = openSync(LOG, 'a');
  const daemon = spawn('dockerd', [], { detached: true, stdio: ['ignore', log, log] });
  const ended = new Promise<never>((_, reject) => {
    daemon.once('error', reject);
    daemon.once('exit', (status) => reject(new Error(`dockerd exited with status ${status}`)));
  });
  await Promise.race([untilItAnswers(), ended]);
  daemon.removeAllListeners();
  daemon.unref();
}

async function untilItAnswers(): Promise<void> {
  const giveUpAt = performance.now() + START_TIMEOUT_MS;
  while (!(await engineAnswers())) {
    if (performance.now() > giveUpAt) throw new Error(`dockerd did not answer within ${START_TIMEOUT_MS} ms`);
    await sleep(100);
  }
}
