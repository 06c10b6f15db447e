/**
 * `node docs/make-picture.ts`: makes `docs/report.png` from a run of the failing example of the README.
 *
 * Needs a Chromium, see `HALFOPEN_CHROMIUM` in `harness/report/browser/open-page.ts`.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { takePicture } from './picture.ts';

const { png } = await takePicture();
await writeFile(fileURLToPath(new URL('report.png', import.meta.url)), png);
