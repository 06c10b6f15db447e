import { expect, test } from 'vitest';

import { openComposeCell } from './compose-cell.ts';

test('where compose keeps no cell up, this is said with what would do', async () => {
  await expect(openComposeCell(new AbortController().signal)).rejects.toMatchObject({
    code: 'cell-not-started',
    message: expect.stringContaining('no cell is up around this command') as string,
    remedy: expect.stringContaining('--cell local or --cell docker') as string,
  });
});
