/**
 * An image that declares a volume, in each of the places where the harness runs one: no disk is made for it.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Cell } from '../cell.ts';
import { imageCommand } from '../../cli/image-command.ts';
import { DockerRun } from './docker-run.ts';
import { openEngine, RUN_LABEL } from './engine.ts';
import type { Engine } from './engine.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';

const run = promisify(execFile);
const IMAGE = `halfopen-test/volume:${randomUUID()}`;
const NAMED = { name: 'volume', command: [], image: IMAGE };
const BOUNDED = { '/data': expect.stringContaining('size=67108864') as string };

describe.skipIf(skipWithoutEngine)('an image with a volume', { timeout: 120_000 }, () => {
  let engine: Engine;
  let docker: DockerRun;
  let cell: Cell;

  beforeAll(async () => {
    engine = await openEngine();
    docker = await DockerRun.begin();
    cell = await docker.openCell();
    const folder = await mkdtemp(join(tmpdir(), 'halfopen-volume-'));
    await writeFile(join(folder, 'Dockerfile'), 'FROM halfopen/node-subject:dev\nVOLUME /data\n');
    await run('docker', ['build', '--quiet', '--tag', IMAGE, folder]);
    await rm(folder, { recursive: true });
  }, 300_000);

  afterAll(async () => {
    await cell[Symbol.asyncDispose]();
    await docker[Symbol.asyncDispose]();
    await engine.getImage(IMAGE).remove({ force: true });
  });

  /** What is mounted in the containers of the image that carry a label. */
  const mounted = async (label: string) => {
    const { Id } = await engine.getImage(IMAGE).inspect();
    const all = await engine.listContainers({ all: true, filters: { label: [label] } });
    const found = await Promise.all(
      all.filter(({ ImageID }) => ImageID === Id).map((each) => engine.getContainer(each.Id).inspect()),
    );
    return found.map(({ Mounts, HostConfig }) => ({ Mounts, Tmpfs: HostConfig.Tmpfs as unknown }));
  };

  test('has a bounded folder in memory there, in the place of a subject', async () => {
    await cell.makeRoom({ kernel: 'stock', resources: {} }, { server: NAMED, client: NAMED });
    const [server, client, ...more] = await mounted(`${RUN_LABEL}=${docker.name}`);
    for (const each of [server, client]) {
      expect(each).toMatchObject({ Mounts: [] });
      // Compose says it in the one form or in the other.
      expect(JSON.stringify(each)).toContain('67108864');
    }
    expect(more).toEqual([]);
    const other = { name: 'node', command: [] };
    await cell.makeRoom({ kernel: 'stock', resources: {} }, { server: other, client: other });
  });

  test('has one as a plain subject', async () => {
    const boxed = await cell.start('server', { ...NAMED, box: { writable: [] } }, {});
    expect(await mounted(`${RUN_LABEL}=${docker.name}`)).toEqual([{ Mounts: [], Tmpfs: BOUNDED }]);
    boxed.endInput();
    await boxed.exited;
  });

  test('has one where it is checked', async () => {
    await using checked = await imageCommand(IMAGE, new AbortController().signal);
    const [program = '', ...args] = checked.command;
    const child = execFile(program, args);
    child.stdin?.end();
    await once(child, 'close');
    const label = args[args.indexOf('--label') + 1] ?? '';
    expect(await mounted(label)).toEqual([{ Mounts: [], Tmpfs: BOUNDED }]);
  });
});
