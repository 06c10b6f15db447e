/**
 * The picture of a report that the pages show: the failing example of the README, as a browser draws it.
 *
 * Owns what is in it, and the words by which it is told whether the page still looks so; the words lie in the picture's own file.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';

import type { Page } from 'playwright-core';

import { launchChromium, openPage } from '../harness/report/browser/open-page.ts';
import { words } from './shown.ts';

const COMMAND = [
  'run',
  'cut-by-fin',
  '--server',
  'node',
  '--client',
  'eof-inside-a-message-delivered',
  '--seed',
  'demo',
];
const CASE =
  'disconnect/a-message-cut-by-fin-is-truncated-not-delivered/local-wire/node+eof-inside-a-message-delivered';
const VIEW = { width: 1240, height: 1200 };
/** Room below what is shown last. */
const MARGIN = 14;
/** Sharp on a screen that shows it at half its width. */
const PIXELS_EACH = 1.5;

export interface Picture {
  /** PNG, with the words in it. */
  readonly png: Buffer;
  /** What the page says down to the time line, without figures; the time line and its legend differ from run to run. */
  readonly words: string;
}

/** Runs the example and takes its picture. */
export async function takePicture(): Promise<Picture> {
  const reports = await mkdtemp(join(tmpdir(), 'halfopen-picture-'));
  try {
    const command = fileURLToPath(new URL('../harness/cli/halfopen.js', import.meta.url));
    spawnSync(process.execPath, [command, ...COMMAND, '--report', reports], { stdio: ['ignore', 'ignore', 'inherit'] });
    const browser = await launchChromium();
    try {
      const options = { viewport: VIEW, colorScheme: 'light', deviceScaleFactor: PIXELS_EACH } as const;
      await using open = await openPage(browser, join(reports, 'latest/index.html'), `#${CASE}`, options);
      return await pictureOf(open.page);
    } finally {
      await browser.close();
    }
  } finally {
    await rm(reports, { recursive: true });
  }
}

async function pictureOf(page: Page): Promise<Picture> {
  await page.locator('canvas').first().waitFor();
  await page.waitForFunction(() => performance.getEntriesByName('timeline-draw').length > 0);
  const said = await page.evaluate(() => {
    // On whose machine it was taken is nobody's business.
    document.querySelector('.case:not([hidden]) > .aside')?.setAttribute('hidden', '');
    const shown = document.querySelectorAll<HTMLElement>(
      '.bar, .case:not([hidden]) > :not(.beside, [hidden]), .case:not([hidden]) .timeline-tools',
    );
    return [...shown].map((part) => part.innerText).join('\n');
  });
  const signs = await page.locator('.case:visible .signs').first().boundingBox();
  const height = signs === null ? VIEW.height : signs.y + signs.height + MARGIN;
  const png = await page.screenshot({ clip: { x: 0, y: 0, width: VIEW.width, height } });
  const told = words(said).replaceAll(/# (?:ms|s)\b/g, '# ms');
  return { png: withWords(png, told), words: told };
}

const KEYWORD = 'Description\0';
/** Of the last chunk, which holds nothing: its length, name and check sum. */
const END_BYTES = 12;

/** The picture with a text chunk before its end (PNG, 11.3.4.5). */
function withWords(png: Buffer, text: string): Buffer {
  const body = Buffer.from(`tEXt${KEYWORD}${encodeURIComponent(text)}`, 'latin1');
  const chunk = Buffer.alloc(4 + body.length + 4);
  chunk.writeUInt32BE(body.length - 4, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), 4 + body.length);
  return Buffer.concat([png.subarray(0, -END_BYTES), chunk, png.subarray(-END_BYTES)]);
}

/** The words that lie in a picture; empty: none. */
export function wordsIn(png: Buffer): string {
  const at = png.lastIndexOf(`tEXt${KEYWORD}`);
  if (at === -1) return '';
  const length = png.readUInt32BE(at - 4);
  return decodeURIComponent(png.subarray(at + 4 + KEYWORD.length, at + 4 + length).toString('latin1'));
}
