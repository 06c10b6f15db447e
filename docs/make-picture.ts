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
const VIEW = { width: 1240, height: 1200 };
/** Room below what is shown last. */
const MARGIN = 14;
/** Sharp on a screen that shows it at half its width. */
const PIXELS_EACH = 1.5;

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
    const options = { viewport: VIEW, colorScheme: 'light', deviceScaleFactor: PIXELS_EACH } as const;
    await using open = await openPage(browser, join(reports, 'latest/index.html'), `#${CASE}`, options);
    await open.page.locator('canvas').first().waitFor();
    await open.page.waitForFunction(() => performance.getEntriesByName('timeline-draw').length > 0);
    const signs = await open.page.locator('.case:visible .signs').first().boundingBox();
    const height = signs === null ? VIEW.height : signs.y + signs.height + MARGIN;
    await open.page.screenshot({ path: local('report.png'), clip: { x: 0, y: 0, width: VIEW.width, height } });
  } finally {
    await browser.close();
  }
} finally {
  await rm(reports, { recursive: true });
}
