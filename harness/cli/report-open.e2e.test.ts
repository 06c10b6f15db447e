/**
 * `halfopen report open`: what opens the page in the browser is given its path, ends badly, goes on, or is missing.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { emptyFolder, halfopen } from './command-for-tests.ts';

const OPENER = process.platform === 'darwin' ? 'open' : 'xdg-open';

/** A folder with a page, as a run leaves it. */
async function folderWithPage(): Promise<{ folder: string; page: string }> {
  const folder = await emptyFolder();
  const page = join(folder, 'index.html');
  await writeFile(page, '<!doctype html><title>a run</title>\n');
  return { folder, page };
}

test('the program that opens what one clicks on gets the path of the page, and nothing else', async () => {
  const { folder, page } = await folderWithPage();
  const given = join(folder, 'given');
  const opener = `#!/bin/sh\nprintf '%s\\n' "$#" "$1" > '${given}'\n`;
  await writeFile(join(folder, OPENER), opener, { mode: 0o755 });
  const { out, err, status } = await halfopen(['report', 'open', '.'], folder, { PATH: folder });
  expect({ out, err, status }).toEqual({ out: `report: ${page}\n`, err: '', status: 0 });
  await expect.poll(() => readFile(given, 'utf8').catch(() => '')).toBe(`1\n${page}\n`);
});

test('where it ends badly, as it does without a browser, one line says so and where the page is', async () => {
  const { folder, page } = await folderWithPage();
  await writeFile(join(folder, OPENER), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
  const { out, err, status } = await halfopen(['report', 'open', '.'], folder, { PATH: folder });
  expect({ out, err, status }).toEqual({
    out: '',
    err: `halfopen: no browser could be started here; the report is ${page}\n`,
    status: 3,
  });
});

test('where it goes on for as long as its browser, the page counts as opened, and it is left to go on', async () => {
  const { folder, page } = await folderWithPage();
  const pid = join(folder, 'pid');
  await writeFile(join(folder, OPENER), `#!/bin/sh\necho "$$" > '${pid}'\nexec /bin/sleep 60\n`, { mode: 0o755 });
  const { out, err, status } = await halfopen(['report', 'open', '.'], folder, { PATH: folder });
  expect({ out, err, status }).toEqual({ out: `report: ${page}\n`, err: '', status: 0 });
  const opener = Number(await readFile(pid, 'utf8'));
  expect(process.kill(opener, 'SIGKILL')).toBe(true);
});

test('where there is none, one line says so and where the page is', async () => {
  const { folder, page } = await folderWithPage();
  const { out, err, status } = await halfopen(['report', 'open', folder], folder, { PATH: '/nonexistent' });
  expect({ out, err, status }).toEqual({
    out: '',
    err: `halfopen: no browser could be started here; the report is ${page}\n`,
    status: 3,
  });
});
