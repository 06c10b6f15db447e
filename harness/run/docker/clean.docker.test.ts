import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';

import { skipWithoutElsewhere, withoutUsualSocket } from './elsewhere-for-tests.ts';
import { openEngine, RUN_LABEL } from './engine.ts';
import type { Engine } from './engine.ts';
import { skipWithoutEngine, unlessSwept } from './engine-for-tests.ts';
import { EngineInBetween } from './engine-in-between.ts';
import { CHECK_LABEL, ownerLabel } from './owner.ts';

const COMMAND = fileURLToPath(new URL('../../cli/halfopen.js', import.meta.url));
const DAY_MS = 24 * 3_600_000;
const ABANDONED = 'abandoned-for-a-test';

/** How it ends, which may be with 3 beside a test of which something will not go, and what it tells. */
function clean(host = process.env['DOCKER_HOST']): Promise<{ readonly status: number | null; readonly told: string }> {
  const env = { ...process.env, ...(host === undefined ? {} : { DOCKER_HOST: host }) };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [COMMAND, 'clean'], { env }, (_error, stdout) =>
      resolve({ status: child.exitCode, told: stdout }),
    );
  });
}

describe.skipIf(skipWithoutEngine)('halfopen clean', () => {
  let engine: Engine;

  beforeAll(async () => {
    engine = await openEngine();
  });

  test('removes what carries the label of a run without a guard, and tells so', async () => {
    const others = await engine.createNetwork({
      Name: `somebody-elses-${process.pid}`,
      Labels: { 'dev.halfopen.other': 'x' },
    });
    let told = '';
    // Any run that begins meanwhile removes it as well, and may be faster.
    while (!told.includes(ABANDONED)) {
      const ours = await engine.createNetwork({ Name: ABANDONED, Labels: { [RUN_LABEL]: ABANDONED } });
      ({ told } = await clean());
      await expect(ours.inspect()).rejects.toMatchObject({ statusCode: 404 });
    }
    expect(told).toMatch(/removed \d+ containers? and \d+ networks? of killed runs: .*abandoned-for-a-test/);
    await expect(others.inspect()).resolves.toBeDefined();
    await others.remove();
  });

  test('tells what would not go, and ends with 3 until it is gone', async () => {
    const name = `held-for-clean-${process.pid}`;
    const holder = await engine.createContainer({ Image: 'halfopen/node-subject:dev', OpenStdin: true });
    await holder.start();
    try {
      await unlessSwept(async () => {
        const network = await engine.createNetwork({ Name: name, Labels: { [RUN_LABEL]: name } });
        await network.connect({ Container: holder.id });
      });
      const { status, told } = await clean();
      expect(told).toContain(`${name} would not go: take what uses it away, and clean again`);
      expect(status).toBe(3);
    } finally {
      await holder.remove({ force: true });
    }
    await clean();
    await expect(engine.getNetwork(name).inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  /** What a check has made whose harness is this one, by that label's value. */
  const makeCheck = (owner: string) =>
    engine.createContainer({
      Image: 'halfopen/node-subject:dev',
      Labels: { [CHECK_LABEL]: ABANDONED, 'dev.halfopen.owner': owner },
    });

  test('removes the containers of a check that was killed, and of no other', async () => {
    const [own = ''] = Object.values(await ownerLabel());
    const [killed, living] = await Promise.all([makeCheck(own.replace(/ \d+:/, ' 1:')), makeCheck(own)]);
    await clean();
    await expect(killed.inspect()).rejects.toMatchObject({ statusCode: 404 });
    await expect(living.inspect()).resolves.toBeDefined();
    await living.remove();
  });

  test('removes the containers of a check of which nothing can be told after a day, and of one that is known to live never', async () => {
    const [own = ''] = Object.values(await ownerLabel());
    const [elsewhere, living] = await Promise.all([makeCheck(own.replace(/\[\d+\]$/, '[1]')), makeCheck(own)]);
    const engineAt = (ms: number) => {
      const body = { SystemTime: new Date(ms).toISOString() };
      return EngineInBetween.open({ call: /^GET \S*\/info/, message: 'OK', status: 200, body });
    };
    const made = Date.parse((await elsewhere.inspect()).Created);
    // The engine lists whole seconds.
    await using sameDay = await engineAt(made + DAY_MS - 2_000);
    await clean(sameDay.host);
    await expect(elsewhere.inspect()).resolves.toBeDefined();
    await using nextDay = await engineAt(made + DAY_MS + 2_000);
    await clean(nextDay.host);
    await expect(elsewhere.inspect()).rejects.toMatchObject({ statusCode: 404 });
    await expect(living.inspect()).resolves.toBeDefined();
    await living.remove();
  });

  test.skipIf(skipWithoutElsewhere)(
    'asks the engine of a rootless socket where none is at the usual one, and so does doctor',
    async () => {
      const runtime = await mkdtemp(join(tmpdir(), 'halfopen-rootless-'));
      onTestFinished(() => rm(runtime, { recursive: true }));
      await using between = await EngineInBetween.open();
      await symlink(between.host.replace('unix://', ''), join(runtime, 'docker.sock'));
      const env = { ...process.env, DOCKER_HOST: '', XDG_RUNTIME_DIR: runtime };
      const ask = (...words: string[]) =>
        promisify(execFile)(...withoutUsualSocket([process.execPath, COMMAND, ...words]), { env });
      const listed = vi.fn();
      between.watch(/^GET \S*\/containers\/json/, listed);
      expect((await ask('clean')).stdout).not.toContain('no container engine answers');
      expect(listed).toHaveBeenCalled();
      expect((await ask('doctor')).stdout).toMatch(/✓ {2}container engine {2}version/);
    },
  );
});
