import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { loadAssets } from './load-assets.ts';

const SHEETS = fileURLToPath(new URL('page/style/', import.meta.url));

test('every sheet of the folder is in the page once', async () => {
  const { css } = await loadAssets();
  const names = await readdir(SHEETS);
  const texts = await Promise.all(names.map((name) => readFile(`${SHEETS}${name}`, 'utf8')));
  expect(names.length).toBeGreaterThan(0);
  for (const text of texts) expect(css.split(text)).toHaveLength(2);
  expect(css.length).toBe(texts.join('\n').length);
});
