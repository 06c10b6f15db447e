import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { imageCommand } from '../../cli/image-command.ts';
import { openEngine } from './engine.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';
import { Images } from './images.ts';

const USERS = `
root:x:0:0:root:/root:/bin/sh
toor:x:00:0:as root:/root:/bin/sh
toortoo:x:1000:0::/:/bin/sh
`;

describe.skipIf(skipWithoutEngine)('the user of an image', { timeout: 60_000 }, () => {
  /** What a cell takes for the user of an image that names this one, and has these users; and whom a check runs it as. */
  const userOf = async (user: string, users: string | null) => {
    const tag = `halfopen-test/user:${randomUUID()}`;
    const folder = await mkdtemp(join(tmpdir(), 'halfopen-user-'));
    await mkdir(join(folder, 'etc'));
    if (users !== null) await writeFile(join(folder, 'etc/passwd'), users);
    const make = `tar --create --directory ${folder} etc | docker import --change 'USER ${user}' - ${tag}`;
    await promisify(execFile)('sh', ['-c', make]);
    await rm(folder, { recursive: true });
    const engine = await openEngine();
    try {
      const { user: inCell } = await new Images(engine).get(tag);
      await using checked = await imageCommand(tag, new AbortController().signal);
      return { inCell, checked: checked.command[checked.command.indexOf('--user') + 1] };
    } finally {
      await engine.getImage(tag).remove({ force: true });
    }
  };

  test('is root where its name is another one for root there, whatever its group', async () => {
    const nobody = { inCell: '0', checked: '65534:65534' };
    expect(await userOf('toor', USERS)).toEqual(nobody);
    expect(await userOf('toor:1000', USERS)).toEqual(nobody);
  });

  test('is who it says it is where that is somebody, or nobody that the image knows', async () => {
    expect(await userOf('toortoo:0', USERS)).toEqual({ inCell: 'toortoo:0', checked: 'toortoo:0' });
    expect(await userOf('toor', null)).toEqual({ inCell: 'toor', checked: 'toor' });
  });
});
