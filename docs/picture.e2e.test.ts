import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { hasChromium } from '../harness/report/browser/open-page.ts';
import { takePicture, wordsIn } from './picture.ts';
import { ROOT } from './shell.ts';

const isThere = (await hasChromium()) || process.env['CI'] === 'true';

test.skipIf(!isThere)('the picture of a report says what the page says today', async () => {
  const kept = wordsIn(await readFile(join(ROOT, 'docs/report.png')));
  const taken = await takePicture();
  expect(wordsIn(taken.png)).toBe(taken.words);
  expect(kept, '"node docs/make-picture.ts" takes it anew').toBe(taken.words);
  expect(kept).toContain('A message cut by FIN is truncated, not delivered');
});
