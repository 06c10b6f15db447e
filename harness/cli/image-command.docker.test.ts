/** What `halfopen check --image` starts, and what it refuses to. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterEach, describe, expect, test, vi } from 'vitest';

import { elsewhere, skipWithoutElsewhere } from '../run/docker/elsewhere-for-tests.ts';
import { EngineInBetween } from '../run/docker/engine-in-between.ts';
import { skipWithoutEngine } from '../run/docker/engine-for-tests.ts';
import { imageCommand } from './image-command.ts';

const run = promisify(execFile);
const COMMAND = fileURLToPath(new URL('halfopen.js', import.meta.url));
const NODE_SUBJECT = 'halfopen/node-subject:dev';

describe.skipIf(skipWithoutEngine)('an image that is checked', { timeout: 60_000 }, () => {
  const { signal } = new AbortController();

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test('may use so much memory and no more of another kind, and keeps no log', async () => {
    await using checked = await imageCommand(NODE_SUBJECT, signal);
    const words = checked.command.join(' ');
    expect(words).toContain('--memory 512m --memory-swap 512m');
    expect(words).toContain('--log-driver none');
    expect(words).toMatch(/^docker --host unix:/);
  });

  test('is not one for another kind of machine: what never ran would keep clauses', async () => {
    const tag = `halfopen-test/elsewhere:${randomUUID()}`;
    await run('sh', ['-c', `tar -c -T /dev/null | docker import --platform linux/s390x - ${tag}`]);
    try {
      await expect(imageCommand(tag, signal)).rejects.toThrow(/is for linux\/s390x, and the engine runs linux\/\w+/);
    } finally {
      await run('docker', ['image', 'rm', '--force', tag]);
    }
  });

  test('is not waited for where the engine says nothing', async () => {
    await using between = await EngineInBetween.open();
    between.fallSilent();
    vi.stubEnv('DOCKER_HOST', between.host);
    await expect(imageCommand(NODE_SUBJECT, signal)).rejects.toThrow('does not answer within 5000 ms');
  });

  test('is not one of an engine elsewhere, whose ports are not those of this machine', async () => {
    await using between = await EngineInBetween.openPort();
    vi.stubEnv('DOCKER_HOST', between.host);
    await expect(imageCommand(NODE_SUBJECT, signal)).rejects.toThrow('can be checked only where its engine runs');
  });

  test.skipIf(skipWithoutElsewhere)('nor of one elsewhere whose socket is forwarded', async () => {
    await using between = await EngineInBetween.open();
    const removed = vi.fn();
    between.watch(/^DELETE \S*\/networks\//, removed);
    const command = elsewhere(0, [process.execPath, COMMAND, 'check', '--image', NODE_SUBJECT]);
    const env = { ...process.env, DOCKER_HOST: between.host };
    await expect(run(...command, { env })).rejects.toThrow('can be checked only where its engine runs');
    expect(removed).toHaveBeenCalledOnce();
  });
});
