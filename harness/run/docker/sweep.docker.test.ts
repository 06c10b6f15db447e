import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';

import { ownerMark } from '../local/sweep.ts';
import { DockerRun } from './docker-run.ts';
import { openEngine, RUN_LABEL } from './engine.ts';
import type { Engine } from './engine.ts';
import { skipWithoutEngine, unlessSwept } from './engine-for-tests.ts';
import { GUARD_LABEL } from './guard.ts';
import { CHECK_LABEL, OWNER_LABEL, ownerName, runLabels } from './owner.ts';
import { sweepDocker, sweepOut } from './sweep.ts';

/** A harness that opens a cell, does this in it, prints the run's name, and goes on. */
const harnessThat = (does: string): string => `
import { DockerRun } from ${JSON.stringify(fileURLToPath(new URL('docker-run.ts', import.meta.url)))};
const run = await DockerRun.begin();
const cell = await run.openCell();
${does}
console.log(run.name);
setInterval(() => {}, 1000);
`;

/** A client that is frozen and a server that is restarted in one cell, and a client that is cut off in another. */
const FAULTS = `
const other = await run.openCell();
const when = { on: 'before-connect' };
const waiting = await cell.start('client', { name: 'node', command: [] }, {});
await waiting.freeze();
await cell.network.install({ id: 'f1', kind: 'restart', role: 'server', when });
await other.network.install({ id: 'f2', kind: 'cut', role: 'client', when });
`;

describe.skipIf(skipWithoutEngine)('what is left of a run', { timeout: 120_000 }, () => {
  let engine: Engine;
  const runs: DockerRun[] = [];

  beforeAll(async () => {
    engine = await openEngine();
  });

  afterEach(async () => {
    for (const run of runs.splice(0)) await run[Symbol.asyncDispose]();
  });

  const begin = async (): Promise<DockerRun> => {
    const run = await DockerRun.begin();
    runs.push(run);
    return run;
  };

  const objectsOf = async (run: string): Promise<number> => {
    const filters = { label: [`${RUN_LABEL}=${run}`] };
    const containers = await engine.listContainers({ all: true, filters });
    return containers.length + (await engine.listNetworks({ filters })).length;
  };

  const guardIsGone = async (run: string): Promise<void> => {
    const filters = { label: [`${GUARD_LABEL}=${run}`] };
    while ((await engine.listContainers({ all: true, filters })).length > 0) await delay(20);
  };

  test('nothing, once it has ended', async () => {
    const run = await DockerRun.begin();
    const cell = await run.openCell();
    expect(await objectsOf(run.name)).toBe(8);
    await cell[Symbol.asyncDispose]();
    expect(await objectsOf(run.name)).toBe(1);
    await run[Symbol.asyncDispose]();
    expect(await objectsOf(run.name)).toBe(0);
  });

  test('two cells that are opened at once are two', async () => {
    const run = await begin();
    await Promise.all([run.openCell(), run.openCell()]);
    expect(await objectsOf(run.name)).toBe(15);
  });

  test('nothing, also of a cell that nobody closed', async () => {
    const run = await DockerRun.begin();
    await run.openCell();
    await run[Symbol.asyncDispose]();
    expect(await objectsOf(run.name)).toBe(0);
  });

  test('all of it while it goes on: a sweep does not touch a run whose guard lives', async () => {
    const run = await begin();
    await run.openCell();
    const swept = await sweepDocker(engine);
    expect(swept.runs).not.toContain(run.name);
    expect(await objectsOf(run.name)).toBe(8);
  });

  test('all of it where its guard was killed: another takes its place', async () => {
    const run = await begin();
    await run.openCell();
    const filters = { label: [`${GUARD_LABEL}=${run.name}`] };
    const guards = async (): Promise<string[]> => (await engine.listContainers({ filters })).map(({ Id }) => Id);
    const [first = ''] = await guards();
    await engine.getContainer(first).kill();
    // Nobody guards it for a moment.
    await sweepDocker(engine);
    let now = await guards();
    while (now.length !== 1 || now[0] === first) {
      await delay(5);
      now = await guards();
    }
    const swept = await sweepDocker(engine);
    expect(swept.runs).not.toContain(run.name);
    expect(await objectsOf(run.name)).toBe(8);
  });

  test('all of it while nobody guards it, as long as its harness lives', async () => {
    const run = `unguarded${process.pid}`;
    const make = (owner: Readonly<Record<string, string>>) =>
      engine.createNetwork({ Name: `${run}-${Object.keys(owner).length}`, Labels: { [RUN_LABEL]: run, ...owner } });
    const [ours] = await Promise.all([make(await runLabels(run)), make({})]);
    await sweepDocker(engine);
    expect(await objectsOf(run)).toBe(1);
    await expect(ours.inspect()).resolves.toBeDefined();
    await ours.remove();
  });

  test('no network by which a check that was killed had looked for its engine, but those of one that goes on', async () => {
    const name = `check${process.pid}`;
    const make = (part: string, owner: string) =>
      engine.createNetwork({ Name: `${name}-${part}`, Labels: { [CHECK_LABEL]: name, [OWNER_LABEL]: owner } });
    const lives = await ownerName();
    await Promise.all([make('gone', lives.replace(/ \d+:/, ' 1:')), make('here', lives)]);
    await sweepDocker(engine);
    const left = await engine.listNetworks({ filters: { label: [`${CHECK_LABEL}=${name}`] } });
    expect(left.map(({ Name }) => Name)).toEqual([`${name}-here`]);
    await engine.getNetwork(`${name}-here`).remove();
  });

  test('nothing, whichever of many sweeps at once ends first', async () => {
    const name = `twice${process.pid}`;
    await unlessSwept(async () => {
      const network = await engine.createNetwork({ Name: name, Labels: { [RUN_LABEL]: name } });
      const container = await engine.createContainer({
        Image: 'halfopen/node-subject:dev',
        OpenStdin: true,
        Labels: { [RUN_LABEL]: name },
        HostConfig: { NetworkMode: network.id },
      });
      await container.start();
    });
    const sweepAndLook = async (): Promise<number> => {
      await sweepDocker(engine);
      return objectsOf(name);
    };
    const left: Promise<number>[] = [];
    // One after another, so that some begin while an earlier one's removal is under way.
    for (let each = 0; each < 20; each += 1) {
      left.push(sweepAndLook());
      await engine.ping();
    }
    expect(Math.max(...(await Promise.all(left)))).toBe(0);
  });

  test('nothing of what the engine was still making as the harness was killed: it is looked for again', async () => {
    const name = `late${process.pid}`;
    const make = (part: string) => engine.createNetwork({ Name: `${name}-${part}`, Labels: { [RUN_LABEL]: name } });
    await make('first');
    const swept = sweepOut(engine, new AbortController().signal);
    while ((await objectsOf(name)) > 0) await delay(5);
    await make('late');
    await swept;
    expect(await objectsOf(name)).toBe(0);
  });

  test("the network that somebody else's container is on, and that is told", async () => {
    const name = `held${process.pid}`;
    const holder = await engine.createContainer({ Image: 'halfopen/node-subject:dev', OpenStdin: true });
    await holder.start();
    await unlessSwept(async () => {
      const network = await engine.createNetwork({ Name: name, Labels: { [RUN_LABEL]: name } });
      await network.connect({ Container: holder.id });
    });
    const swept = await sweepDocker(engine);
    expect(swept.left).toContain(name);
    expect(await objectsOf(name)).toBe(1);
    await holder.remove({ force: true });
    await sweepDocker(engine);
    expect(await objectsOf(name)).toBe(0);
  });

  test('nothing of a run that was killed before its guard was started, however recently', async () => {
    const name = `newborn${process.pid}`;
    const make = (mark: string) =>
      engine.createContainer({
        Image: 'halfopen/wire-proxy:dev',
        Labels: { [RUN_LABEL]: name, [GUARD_LABEL]: name, 'dev.halfopen.owner': `${hostname()} ${mark}` },
      });
    const guard = await make(await ownerMark());
    await sweepDocker(engine);
    expect(await objectsOf(name)).toBe(1);
    await guard.remove();
    const [, ...rest] = (await ownerMark()).split(':');
    await make(['1', ...rest].join(':'));
    await sweepDocker(engine);
    expect(await objectsOf(name)).toBe(0);
  });

  /** A harness that is at work as a process of its own, and its run's name. */
  const beginElsewhere = async (program: string) => {
    const harness = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [name] = (await once(createInterface({ input: harness.stdout }), 'line')) as [string];
    return { harness, name };
  };

  test('nothing after the next start, when the harness was killed', async () => {
    const { harness, name } = await beginElsewhere(harnessThat(''));
    expect(await objectsOf(name)).toBe(8);
    harness.kill('SIGKILL');
    await guardIsGone(name);
    const next = await begin();
    // Whoever sweeps first removes it: that may be another test file's run.
    expect(await objectsOf(name)).toBe(0);
    expect(await objectsOf(next.name)).toBe(1);
  });

  test('nothing of a container that was frozen, off its network or down when the harness was killed', async () => {
    const { harness, name } = await beginElsewhere(harnessThat(FAULTS));
    const filters = { label: [`${RUN_LABEL}=${name}`, 'com.docker.compose.service'] };
    const containers = await engine.listContainers({ all: true, filters });
    const subjects = containers.flatMap(({ State, Labels, NetworkSettings }) => {
      const service = Labels['com.docker.compose.service'] ?? '';
      const networks = Object.keys(NetworkSettings.Networks).length;
      return service === 'server' || service === 'client' ? [`${service}: ${State}, on ${networks}`] : [];
    });
    expect(subjects.toSorted()).toEqual([
      'client: paused, on 1',
      'client: running, on 0',
      'server: exited, on 0',
      'server: running, on 1',
    ]);
    harness.kill('SIGKILL');
    await guardIsGone(name);
    await sweepDocker(engine);
    expect(await objectsOf(name)).toBe(0);
  });
});
