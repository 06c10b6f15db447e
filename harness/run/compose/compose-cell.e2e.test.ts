import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { emptyFolder, halfopen } from '../../cli/command-for-tests.ts';
import { NOT_KNOWN } from '../cell-source.ts';
import { openComposeCell } from './compose-cell.ts';

test('where compose keeps no cell up, this is said with what would do', async () => {
  await expect(openComposeCell(new AbortController().signal, 300)).rejects.toMatchObject({
    code: 'cell-not-started',
    message: expect.stringContaining('no cell is up around this command') as string,
    remedy: expect.stringContaining('--cell local or --cell docker') as string,
  });
});

test('which images it is made of is said to be not known, in its file and on the page', async () => {
  const folder = await emptyFolder();
  const one = ['run', 'a-clean-exchange-is-clean', '--server', 'node', '--client', 'node'];
  expect(await halfopen([...one, '--cell', 'compose'], folder)).toMatchObject({ status: 3 });
  const latest = join(folder, 'reports/latest');
  expect(JSON.parse(await readFile(join(latest, 'environment.json'), 'utf8'))).toMatchObject({ images: NOT_KNOWN });
  const page = (await readFile(join(latest, 'index.html'), 'utf8')).replaceAll(/<[^>]*>/g, ' ');
  expect(page).toMatch(/\simages\s+not known without an engine\s/);
});
