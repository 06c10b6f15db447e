/**
 * A run in Docker that is ended at a random moment of its life, by each of the three signals: nothing of it stays, at the
 * latest after `halfopen clean`, and nothing of anybody else's goes. `HALFOPEN_KILLS` says how often it is done.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { draw } from '../../plan/draw.ts';
import { OWNER_VARIABLE } from '../local/sweep.ts';
import { openEngine, RUN_LABEL } from './engine.ts';
import type { Container, Engine } from './engine.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';
import { GUARD_LABEL, HARNESS_LABEL } from './guard.ts';

const COMMAND = fileURLToPath(new URL('../../cli/halfopen.js', import.meta.url));
const KILLS = Number(process.env['HALFOPEN_KILLS'] ?? 6);
const AT_ONCE = 3;
/** Up in two seconds, a run is in the middle of its scenarios from then on. */
const LATEST_MS = 7_000;
/** Of so many one is ended a time after its start, mostly before it has made anything; the others after their guard is made. */
const FROM_START = 5;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const;
/** Faults of the proxy, of a process and of the network, again and again. */
const ARGS = [
  '--repeat',
  '50',
  'a-clean-exchange-is-clean',
  'a-server-cut-off',
  'a-frozen-client',
  'late-answer-opens',
];
const FOREIGN = { 'dev.halfopen.other': 'somebody-elses' };

interface Kill {
  readonly number: number;
  readonly signal: (typeof SIGNALS)[number];
  readonly afterMs: number;
}

interface Outcome {
  readonly status: unknown;
  readonly hadGuard: boolean;
  readonly left: readonly string[];
}

const seed = String(Date.now());
const kills = Array.from({ length: KILLS }, (_, number): Kill => ({
  number,
  signal: SIGNALS[number % SIGNALS.length] ?? 'SIGKILL',
  afterMs: draw(seed, `moment ${number}`, LATEST_MS),
}));

describe.skipIf(skipWithoutEngine)(`of a run that is ended at a random moment (${KILLS} times)`, () => {
  let engine: Engine;
  let folder: string;
  let foreign: { container: Container; network: ReturnType<Engine['getNetwork']> };
  let events: Readable;
  /** By the number of the harness's process: the name of its run. */
  const runs = new Map<string, string>();

  beforeAll(async () => {
    engine = await openEngine();
    folder = await mkdtemp(join(tmpdir(), 'halfopen-kills-'));
    const network = await engine.createNetwork({ Name: `somebody-elses-${process.pid}`, Labels: FOREIGN });
    const container = await engine.createContainer({
      Image: 'halfopen/node-subject:dev',
      OpenStdin: true,
      Labels: FOREIGN,
      HostConfig: { NetworkMode: network.id },
    });
    await container.start();
    foreign = { container, network };
    // A guard is the first thing that a run makes: who made which run is told by it.
    const filters = { type: ['container'], event: ['create'], label: [HARNESS_LABEL] };
    events = (await engine.getEvents({ filters: JSON.stringify(filters) })) as unknown as Readable;
    createInterface({ input: events }).on('line', (line) => {
      const { Actor } = JSON.parse(line) as { Actor: { Attributes: Record<string, string> } };
      runs.set(Actor.Attributes[HARNESS_LABEL] ?? '', Actor.Attributes[GUARD_LABEL] ?? '');
    });
  }, 120_000);

  afterAll(async () => {
    events.destroy();
    await foreign.container.remove({ force: true });
    await foreign.network.remove();
    await rm(folder, { recursive: true });
  });

  const objectsOf = async (run: string): Promise<string[]> => {
    const filters = { label: [`${RUN_LABEL}=${run}`] };
    const containers = await engine.listContainers({ all: true, filters });
    const networks = await engine.listNetworks({ filters });
    const { Volumes } = await engine.listVolumes({ filters });
    return [
      ...containers.map(({ Names }) => `container ${Names.join()}`),
      ...networks.map(({ Name }) => `network ${Name}`),
      ...Volumes.map(({ Name }) => `volume ${Name}`),
    ];
  };

  const guardOf = async (child: ChildProcess): Promise<void> => {
    while (!runs.has(String(child.pid)) && child.exitCode === null) await delay(5);
  };

  /** One that was made and not yet started does not go by itself, which is the sweep's to tell. */
  const guardHasEnded = async (run: string): Promise<void> => {
    const filters = { label: [`${GUARD_LABEL}=${run}`] };
    while ((await engine.listContainers({ filters })).length > 0) await delay(20);
  };

  const clean = async (): Promise<void> => {
    await once(spawn(process.execPath, [COMMAND, 'clean'], { stdio: 'ignore' }), 'close');
  };

  /** What is left of one that was ended: objects on the engine, and processes of this machine. */
  const leftAfter = async ({ number, signal, afterMs }: Kill): Promise<Outcome> => {
    const args = ['run', '--cell', 'docker', '--cells', '2', '--server', 'node', '--client', 'node', '--json'];
    const child = spawn(process.execPath, [COMMAND, ...args, '--report', join(folder, String(number)), ...ARGS], {
      stdio: 'ignore',
    });
    const closed = once(child, 'close');
    if (number % FROM_START > 0) await guardOf(child);
    await delay(afterMs);
    child.kill(signal);
    const [status, bySignal] = (await closed) as [number | null, string | null];
    const run = runs.get(String(child.pid));
    if (signal === 'SIGKILL') {
      if (run !== undefined) await guardHasEnded(run);
      await clean();
    }
    const processes = await processesOf(child.pid ?? 0);
    const left = [...processes, ...(run === undefined ? [] : await objectsOf(run))];
    return { status: status ?? bySignal, hadGuard: run !== undefined, left };
  };

  test('nothing stays, and it ends as it was told to', { timeout: KILLS * 30_000 }, async () => {
    const queue = [...kills];
    const outcomes: (Kill & Outcome)[] = [];
    const worker = async (): Promise<void> => {
      for (let kill = queue.shift(); kill !== undefined; kill = queue.shift())
        outcomes.push({ ...kill, ...(await leftAfter(kill)) });
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const guarded = outcomes.filter(({ hadGuard }) => hadGuard).length;
    console.log(`${outcomes.length} ended at random moments (seed ${seed}), ${guarded} of them once they had a guard`);
    expect(outcomes.filter(({ left }) => left.length > 0)).toEqual([]);
    const due = { SIGINT: 130, SIGTERM: 143, SIGKILL: 'SIGKILL' };
    // Before it listens for signals, one ends it as the system does.
    expect(outcomes.filter(({ signal, status }) => status !== due[signal] && status !== signal)).toEqual([]);
  });

  test("what is somebody else's is as it was", async () => {
    expect((await foreign.container.inspect()).State.Running).toBe(true);
    await expect(foreign.network.inspect()).resolves.toBeDefined();
  });
});

/** Processes of this machine that carry that harness's mark. */
async function processesOf(harness: number): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const marked = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      return environment.includes(`${OWNER_VARIABLE}=${harness}:`) ? [`process ${pid}`] : [];
    }),
  );
  return marked.flat();
}
