/**
 * What a scenario says that a subject may use at most is what its container has, for that scenario alone; a kill for want
 * of memory is told as that.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { client } from '../../scenario/expectation.ts';
import { defineScenario } from '../../scenario/scenario.ts';
import type { Resources } from '../../contract/resources.ts';
import type { ScenarioInput } from '../../scenario/scenario.ts';
import { makeJobs } from '../../suite/job.ts';
import { runJob } from '../../suite/run-job.ts';
import { builtInSubjects } from '../../suite/subjects.ts';
import type { Cell } from '../cell.ts';
import { DockerRun } from './docker-run.ts';
import { openEngine, RUN_LABEL } from './engine.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';

const MIB = 1024 * 1024;

const PYTHON = 'python:3.11-slim-bookworm';
/** Works until the kernel has made it wait, or for 300 ms on a core, and prints how often it had to (Documentation/admin-guide/cgroup-v2.rst, cpu.stat). */
const BUSY = `
import os, time
path = next(each for each in ("/sys/fs/cgroup/cpu.stat", "/sys/fs/cgroup/cpu/cpu.stat") if os.path.exists(each))
waited = 0
while waited == 0 and time.process_time() < 0.3:
    for _ in range(100_000): pass
    with open(path) as file: waited = int(dict(line.split() for line in file)["nr_throttled"])
print(waited)
`;

describe.skipIf(skipWithoutEngine)('limits on what a subject may use', { timeout: 120_000 }, () => {
  let run: DockerRun;
  let cell: Cell;
  let folder: string;

  beforeAll(async () => {
    run = await DockerRun.begin();
    cell = await run.openCell();
    folder = await mkdtemp(join(tmpdir(), 'halfopen-resources-'));
  }, 300_000);

  afterAll(async () => {
    await cell[Symbol.asyncDispose]();
    await run[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const play = async (id: string, own: Pick<ScenarioInput, 'params' | 'resources'>) => {
    const scenario = defineScenario({
      claim: 'A claim that is long enough',
      source: { passage: 'HOWTO, Using a Socket', requires: 'Something that is long enough' },
      workload: 'echo',
      expect: [client.completes()],
      ...own,
    });
    const node = (await builtInSubjects()).filter(({ name }) => name === 'node');
    const [job] = makeJobs({
      entries: [{ id, scenario }],
      servers: node,
      clients: node,
      seed: 's',
      cell: 'docker',
      proxy: 'wire',
      repeat: 1,
      missing: new Map(),
    });
    if (job === undefined) throw new Error('there is no job');
    const { result } = await runJob(job, cell, folder, new AbortController().signal);
    return result;
  };

  /** What the engine holds the client's place to. */
  const heldTo = async () => {
    const engine = await openEngine();
    const filters = { label: [`${RUN_LABEL}=${run.name}`, 'com.docker.compose.service=client'] };
    const [found] = await engine.listContainers({ filters });
    const { HostConfig } = await engine.getContainer(found?.Id ?? '').inspect();
    return { memory: HostConfig.Memory, cpus: (HostConfig.NanoCpus ?? 0) / 1e9, fds: HostConfig.Ulimits?.[0]?.Soft };
  };

  test('hold for the scenario that states them, and no longer', async () => {
    const resources = { client: { memoryBytes: 256 * MIB, cpus: 0.5, fds: 512 } };
    expect(await play('test/held', { params: { ioTimeoutMs: 5000 }, resources })).toMatchObject({ verdict: 'pass' });
    expect(await heldTo()).toEqual({ memory: 256 * MIB, cpus: 0.5, fds: 512 });
    expect(await play('test/free', { params: {} })).toMatchObject({ verdict: 'pass' });
    expect(await heldTo()).toEqual({ memory: 512 * MIB, cpus: 0, fds: undefined });
  });

  test('of descriptors bite: who has no more of them fails to connect, and says so', async () => {
    const params = { connections: 40, concurrency: 40, paceMs: 200 };
    const short = await play('test/descriptors', { params, resources: { client: { fds: 32 } } });
    expect(short.verdict).toBe('fail');
    const events = await readFile(join(folder, short.evidence ?? '', 'events.jsonl'), 'utf8');
    expect(events).toMatch(/EMFILE|too many open files/i);
  });

  test('of memory bite: a kill for want of it is told as that, and the cell has its place again', async () => {
    const params = { messages: 1, messageBytes: 128 * MIB, maxMessageBytes: 300 * MIB, ioTimeoutMs: 20_000 };
    const killed = await play('test/memory', { params, resources: { client: { memoryBytes: 96 * MIB } } });
    expect(killed).toMatchObject({ verdict: 'fail' });
    expect(killed.reason).toContain('ran out of the memory that it may use');
    expect(await play('test/after', { params: {} })).toMatchObject({ verdict: 'pass' });
  });

  /** Runs a program as a plain subject's image would. */
  const runBoxed = async (program: string, resources: Resources) => {
    const command = ['python3', '-c', program];
    const boxed = await cell.start(
      'client',
      { name: 'plain', command, image: PYTHON, box: { writable: [], resources } },
      {},
    );
    const printed = text(boxed.stdout);
    return { exit: await boxed.exited, printed: (await printed).trim() };
  };

  test('of a core bite: who may use a tenth of one is made to wait by the kernel, and who may use all is not', async () => {
    expect(Number((await runBoxed(BUSY, { cpus: 0.1 })).printed)).toBeGreaterThan(0);
    expect(await runBoxed(BUSY, {})).toMatchObject({ printed: '0', exit: { status: 0 } });
  });

  test('of memory bite a plain image too, and the kill is told as that', async () => {
    const { exit } = await runBoxed('b"x" * (256 << 20)', { memoryBytes: 64 * MIB });
    expect(exit).toEqual({ status: null, signal: 'SIGKILL', outOfMemory: true });
    expect(await runBoxed('b"x" * (256 << 20)', {})).toMatchObject({ exit: { status: 0 } });
  });
});
