/** Every container that a run makes, guard and helper too, can do no more than it has to. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Cell, SubjectProcess } from '../../cell.ts';
import { DockerRun } from '../docker-run.ts';
import { openEngine, RUN_LABEL } from '../engine.ts';
import type { Container } from '../engine.ts';
import { skipWithoutEngine } from '../engine-for-tests.ts';
import { Images, NETWORK_HELPER_IMAGE } from '../images.ts';

const SUBJECT = 'halfopen/node-subject:dev';

type Inspected = Awaited<ReturnType<Container['inspect']>>;

describe.skipIf(skipWithoutEngine)('a container of a run', { timeout: 120_000 }, () => {
  let run: DockerRun;
  let cell: Cell;
  let all: readonly Inspected[] = [];
  let helperImage: string;
  let boxed: SubjectProcess;

  beforeAll(async () => {
    const engine = await openEngine();
    run = await DockerRun.begin();
    cell = await run.openCell();
    await cell.network?.prepare({ id: 'f1', kind: 'hang-connect', when: { on: 'before-connect' } });
    // A plain subject runs beside its place; this image waits for work, and so stays.
    boxed = await cell.start('server', { name: 'plain', command: [], image: SUBJECT, box: { writable: ['/tmp'] } }, {});
    helperImage = (await new Images(engine).get(NETWORK_HELPER_IMAGE)).id;
    const listed = await engine.listContainers({ filters: { label: [`${RUN_LABEL}=${run.name}`] } });
    all = await Promise.all(listed.map(({ Id }) => engine.getContainer(Id).inspect()));
  }, 300_000);

  afterAll(async () => {
    boxed.endInput();
    await boxed.exited;
    await cell[Symbol.asyncDispose]();
    await run[Symbol.asyncDispose]();
  });

  const isHelper = ({ Image }: Inspected): boolean => Image === helperImage;

  test('is one of seven: two places of subjects, a plain subject in one, two proxies, the guard and the helper', () => {
    expect(all).toHaveLength(7);
    expect(all.filter(isHelper)).toHaveLength(1);
  });

  test('can write nowhere, has no capability and no way to one, but the helper NET_ADMIN', () => {
    for (const each of all) {
      const { ReadonlyRootfs, CapDrop, CapAdd, SecurityOpt, Privileged, Binds } = each.HostConfig;
      expect({ ReadonlyRootfs, CapDrop, Privileged }).toEqual({
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        Privileged: false,
      });
      expect(SecurityOpt).toContain('no-new-privileges:true');
      const added = (CapAdd ?? []).map((name: string) => name.replace('CAP_', ''));
      expect(added).toEqual(isHelper(each) ? ['NET_ADMIN'] : []);
      expect(Binds ?? []).toEqual([]);
      expect(each.Mounts).toEqual([]);
    }
  });

  test('is nobody special; a capability under no-new-privileges is of use to root alone, so the helper is', () => {
    for (const each of all.filter((one) => !isHelper(one))) expect(each.Config.User).not.toMatch(/^(|0|root)(:|$)/);
  });

  test('has a limit on processes and on memory', () => {
    for (const { HostConfig } of all) {
      expect(HostConfig.PidsLimit).toBeGreaterThan(0);
      expect(HostConfig.Memory).toBeGreaterThan(0);
    }
  });

  test('keeps a log of bounded size, from which the oldest goes first, or none', () => {
    for (const { HostConfig } of all) {
      const { Type, Config } = HostConfig.LogConfig as { Type: string; Config: Record<string, string> | null };
      expect(Type === 'none' ? 'none' : `${Type} of ${Config?.['max-size']}`).toMatch(/^(none|json-file of 1m)$/);
    }
  });

  test('is reached from this machine alone, if at all', () => {
    const hosts = all.flatMap(({ NetworkSettings }) =>
      Object.values(NetworkSettings.Ports).flatMap((bindings) => (bindings ?? []).map(({ HostIp }) => HostIp)),
    );
    expect(hosts).toEqual(['127.0.0.1', '127.0.0.1']);
  });
});
