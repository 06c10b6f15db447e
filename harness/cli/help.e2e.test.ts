import { expect, test } from 'vitest';

import { emptyFolder, halfopen } from './command-for-tests.ts';
import { HELP, PAGES } from './help.ts';

test('every verb shows its page and does nothing else, where it is asked for help', async () => {
  const folder = await emptyFolder();
  const shown = await Promise.all(PAGES.map(({ verb }) => halfopen([verb, '--help'], folder)));
  for (const [index, { verb }] of PAGES.entries())
    expect(shown[index]).toMatchObject({ status: 0, out: `${HELP[verb]}\n`, err: '' });
});
