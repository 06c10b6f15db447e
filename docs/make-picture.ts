/**
 * `node docs/make-picture.ts`: makes `docs/report.png` from a run of the failing example of the README.
 *
 * Needs a Chromium, see `HALFOPEN_CHROMIUM` in `harness/report/browser/open-page.ts`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { launchChromium, openPage } from '../harness/report/browser/open-page.ts';

const CASE =
  'disconnect/a-message-cut-by-fin-is-truncated-not-delivered/local-wire/node+eof-inside-a-message-delivered';
const VIEW = { width: 1280, height: 1050 };

const local = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const reports = await mkdtemp(join(tmpdir(), 'halfopen-picture-'));
try {
  const command = ['run', 'cut-by-fin', '--server', 'node', '--client', 'eof-inside-a-message-delivered'];
  spawnSync(
    process.execPath,
    [local('../harness/cli/halfopen.js'), ...command, '--seed', 'demo', '--report', reports],
    {
      stdio: 'inherit',
    },
  );
  const browser = await launchChromium();
  try {
    const options = { viewport: VIEW, colorScheme: 'light' } as const;
    await using open = await openPage(browser, join(reports, 'latest/index.html'), `#${CASE}`, options);
    await open.page.locator('canvas').first().waitFor();
    await open.page.waitForFunction(() => performance.getEntriesByName('timeline-draw').length > 0);
    await open.page.screenshot({ path: local('report.png') });
  } finally {
    await browser.close();
  }
} finally {
  await rm(reports, { recursive: true });
}
