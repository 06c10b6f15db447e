import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';

import { openEngine, RUN_LABEL } from './engine.ts';
import type { Engine } from './engine.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';
import { CHECK_LABEL, ownerLabel } from './owner.ts';

const COMMAND = fileURLToPath(new URL('../../cli/halfopen.js', import.meta.url));
const ABANDONED = 'abandoned-for-a-test';

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
      told = (await promisify(execFile)(process.execPath, [COMMAND, 'clean'])).stdout;
      await expect(ours.inspect()).rejects.toMatchObject({ statusCode: 404 });
    }
    expect(told).toMatch(/removed \d+ containers? and \d+ networks? of killed runs: .*abandoned-for-a-test/);
    await expect(others.inspect()).resolves.toBeDefined();
    await others.remove();
  });

  test('removes the containers of a check that was killed, and of no other', async () => {
    const make = (owner: string) =>
      engine.createContainer({
        Image: 'halfopen/node-subject:dev',
        Labels: { [CHECK_LABEL]: ABANDONED, 'dev.halfopen.owner': owner },
      });
    const [own = ''] = Object.values(await ownerLabel());
    const [killed, living] = await Promise.all([make(own.replace(/ \d+:/, ' 1:')), make(own)]);
    await promisify(execFile)(process.execPath, [COMMAND, 'clean']);
    await expect(killed.inspect()).rejects.toMatchObject({ statusCode: 404 });
    await expect(living.inspect()).resolves.toBeDefined();
    await living.remove();
  });
});
