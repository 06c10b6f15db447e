import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { cleanExchange } from '../judge/history.ts';
import { Recorder } from './recorder.ts';

/** What this process holds open in a folder. */
async function openIn(folder: string): Promise<string[]> {
  const fds = await readdir('/proc/self/fd');
  const targets = await Promise.all(fds.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return targets.filter((target) => target.startsWith(folder));
}

test.skipIf(process.platform !== 'linux')(
  'evidence whose folder is gone is told not to be written, and its files are closed',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'halfopen-recorder-'));
    const recorder = await Recorder.open(folder, cleanExchange().plan);
    expect(await openIn(folder)).toHaveLength(2);
    await rm(folder, { recursive: true });
    await expect(recorder.close([])).rejects.toMatchObject({
      code: 'evidence-not-written',
      message: expect.stringContaining('ENOENT'),
    });
    expect(await openIn(folder)).toEqual([]);
  },
);
