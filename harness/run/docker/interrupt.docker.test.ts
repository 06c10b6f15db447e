/**
 * A run in Docker that is told to stop, or killed, at each stage of its life: nothing with our label stays, and what
 * others have on the same engine does.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { monotonicMs } from '../clock.ts';
import { DockerRun } from './docker-run.ts';
import { openEngine, RUN_LABEL } from './engine.ts';
import type { Engine } from './engine.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';
import { GUARD_LABEL, HARNESS_LABEL } from './guard.ts';

const COMMAND = fileURLToPath(new URL('../../cli/halfopen.js', import.meta.url));
/** Prompt is a few seconds; this is for a host with other work. */
const PROMPT_MS = 20_000;
/** Long enough to be interrupted in it. */
const LONG = ['--server', 'node', '--client', 'node', '--repeat', '50', 'a-clean-exchange-is-clean'];

interface Begun {
  readonly name: string;
  readonly child: ReturnType<typeof spawn>;
  readonly lines: string[];
}

describe.skipIf(skipWithoutEngine)('a run in Docker that ends early', { timeout: 120_000 }, () => {
  let engine: Engine;
  let folder: string;
  let beside: DockerRun;

  beforeAll(async () => {
    engine = await openEngine();
    folder = await mkdtemp(join(tmpdir(), 'halfopen-interrupt-'));
    beside = await DockerRun.begin();
    await beside.openCell();
  }, 120_000);

  afterAll(async () => {
    await beside[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const objectsOf = async (run: string): Promise<number> => {
    const filters = { label: [`${RUN_LABEL}=${run}`] };
    const containers = await engine.listContainers({ all: true, filters });
    return containers.length + (await engine.listNetworks({ filters })).length;
  };

  /** The name of the run that this process carries out, once it has a guard. Others may begin meanwhile. */
  const runOf = async (pid: number | undefined): Promise<string | undefined> => {
    const found = await engine.listContainers({ all: true, filters: { label: [`${HARNESS_LABEL}=${pid}`] } });
    return found[0]?.Labels[GUARD_LABEL];
  };

  /** Starts a run and waits until its guard is there: its name is what all it makes carries. */
  const begin = async (): Promise<Begun> => {
    const args = [COMMAND, 'run', '--cell', 'docker', '--cells', '2', '--json', '--report', folder, ...LONG];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const lines: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => lines.push(...chunk.toString().split('\n')));
    for (;;) {
      const name = await runOf(child.pid);
      if (name !== undefined) return { name, child, lines };
      if (child.exitCode !== null) throw new Error(`the run ended by itself: ${lines.join('\n')}`);
      await delay(5);
    }
  };

  const until = async (condition: () => Promise<boolean> | boolean): Promise<void> => {
    while (!(await condition())) await delay(5);
  };

  const STAGES = [
    { stage: 'as soon as its guard is there', reached: () => true },
    { stage: 'while its cells are made', reached: async ({ name }: Begun) => (await objectsOf(name)) > 4 },
    {
      stage: 'in the middle of a scenario',
      reached: ({ lines }: Begun) => lines.some((line) => line.includes('"result"')),
    },
  ];

  test.for(STAGES)('at a signal $stage it stops soon, and nothing of it stays', async ({ reached }) => {
    const begun = await begin();
    await until(() => reached(begun));
    const closed = once(begun.child, 'close');
    const askedMs = monotonicMs();
    begun.child.kill('SIGINT');
    await closed;
    expect(monotonicMs() - askedMs).toBeLessThan(PROMPT_MS);
    expect(begun.child.exitCode).toBe(130);
    expect(begun.lines.some((line) => line.includes('"finished"'))).toBe(true);
    expect(await objectsOf(begun.name)).toBe(0);
    expect(await objectsOf(beside.name)).toBe(8);
  });

  test('before it has begun at all, it stops as well', async () => {
    const args = [COMMAND, 'run', '--cell', 'docker', '--report', folder, ...LONG];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    const closed = once(child, 'close');
    child.kill('SIGINT');
    await closed;
    expect(child.exitCode).toBe(130);
    expect(await objectsOf(beside.name)).toBe(8);
  });

  test('killed while its containers are made, it leaves nothing to whoever starts next', async () => {
    const begun = await begin();
    await until(async () => (await objectsOf(begun.name)) > 3);
    begun.child.kill('SIGKILL');
    const filters = { label: [`${GUARD_LABEL}=${begun.name}`] };
    await until(async () => (await engine.listContainers({ all: true, filters })).length === 0);
    const next = spawn(process.execPath, [COMMAND, 'clean'], { stdio: 'ignore' });
    // 3: something of a test beside this one would not go.
    const [status] = (await once(next, 'close')) as [number | null];
    expect([0, 3]).toContain(status);
    expect(await objectsOf(begun.name)).toBe(0);
    // Nor is anybody left who makes more.
    await delay(500);
    expect(await objectsOf(begun.name)).toBe(0);
    expect(await objectsOf(beside.name)).toBe(8);
  });
});
