/** Builds, as Docker's own command makes them. */
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { findMarked, OWNER_VARIABLE, sweepLocal } from '../local/sweep.ts';
import { buildAt } from './build.ts';
import { openEngine } from './engine.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';
import { Images } from './images.ts';

const BASE = 'FROM halfopen/node-subject:dev\n';

describe.skipIf(skipWithoutEngine)('a build', { timeout: 120_000 }, () => {
  let folder: string;
  const names: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'halfopen-builds-'));
  });

  afterAll(async () => {
    await promisify(execFile)('docker', ['image', 'rm', '--force', ...names]);
    await rm(folder, { recursive: true });
  });

  const context = async (dockerfile: string): Promise<{ name: string; context: string; dockerfile: string }> => {
    const part = randomUUID();
    const name = `halfopen-test/build:${part}`;
    names.push(name);
    await mkdir(join(folder, part));
    await writeFile(join(folder, part, 'Dockerfile'), dockerfile);
    return { name, context: part, dockerfile: `${part}/Dockerfile` };
  };

  test('gives what it made, also where another one has taken the name since', async () => {
    const mine = await context(`${BASE}LABEL whose=mine\n`);
    const theirs = await context(`${BASE}LABEL whose=theirs\n`);
    const id = await buildAt(folder, mine.name, mine);
    await buildAt(folder, mine.name, theirs);
    const engine = await openEngine();
    expect(await engine.getImage(id).inspect()).toMatchObject({ Config: { Labels: { whose: 'mine' } } });
    expect((await engine.getImage(mine.name).inspect()).Id).not.toBe(id);
  });

  test('is what is tested, and not what has its name by then', async () => {
    const mine = await context(`${BASE}LABEL whose=mine\n`);
    const engine = await openEngine();
    // Whoever asks for the image by its name is answered as by an engine on which another has taken it.
    const asked: string[] = [];
    const getImage = (name: string) => {
      asked.push(name);
      return engine.getImage(name);
    };
    const watched = new Proxy(engine, {
      get: (target, key) => (key === 'getImage' ? getImage : Reflect.get(target, key, target)) as unknown,
    });
    const build = { context: join(folder, mine.context), dockerfile: join(folder, mine.dockerfile) };
    const { id } = await new Images(watched).get(mine.name, build);
    expect(asked).toEqual([id]);
  });

  test('that fails tells what its step said, and how to see all of it', async () => {
    const failing = await context(
      `${BASE}RUN echo the reason itself >&2 && false\nRUN a\nRUN b\nRUN c\nRUN d\nRUN e\n`,
    );
    const built = buildAt(folder, failing.name, failing);
    await expect(built).rejects.toThrow(/could not be built: .*the reason itself.*ERROR: .*exit code: 1/);
    await expect(built).rejects.toMatchObject({
      remedy: `"docker build --file ${failing.dockerfile} ${failing.context}" in ${folder} shows the whole of it`,
    });
  });

  test.for([
    { context: 'no-such-folder', dockerfile: 'Dockerfile' },
    { context: '.', dockerfile: 'no-such-file' },
  ])('of what is not there says where it was looked for: %o', async (build) => {
    await expect(buildAt(folder, 'halfopen-test/nothing:dev', build)).rejects.toMatchObject({
      remedy: expect.stringContaining(`from where the command is run, ${folder}`) as string,
    });
  });

  test('that never ends is ended, and said to have taken too long', async () => {
    const endless = await context(`${BASE}RUN sleep 3600 # ${randomUUID()}\n`);
    await expect(buildAt(folder, endless.name, endless, undefined, 2_000)).rejects.toThrow('longer than 2 s');
  });

  test('whose harness was killed is ended by the next sweep', async () => {
    const endless = await context(`${BASE}RUN sleep 3600 # ${randomUUID()}\n`);
    const program = `
      import { ownerMark } from ${module('../local/sweep.ts')};
      import { buildAt } from ${module('build.ts')};
      console.log(await ownerMark());
      await buildAt(${JSON.stringify(folder)}, ${JSON.stringify(endless.name)}, ${JSON.stringify(endless)});
    `;
    const harness = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(harness.stdout, 'data')) as [Buffer];
    const mark = said.toString().trim();
    while ((await findMarked(OWNER_VARIABLE, mark)).length === 0) await delay(5);
    const closed = once(harness, 'exit');
    harness.kill('SIGKILL');
    await closed;
    expect(await findMarked(OWNER_VARIABLE, mark)).not.toEqual([]);
    await sweepLocal();
    await expect.poll(() => findMarked(OWNER_VARIABLE, mark)).toEqual([]);
  });
});

function module(path: string): string {
  return JSON.stringify(fileURLToPath(new URL(path, import.meta.url)));
}
