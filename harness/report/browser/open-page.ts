/**
 * Test only: a report in a real browser, opened from disk, with everything it asks for and complains about written down.
 */
import { access } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export const CHROMIUM = process.env['HALFOPEN_CHROMIUM'] ?? '/usr/bin/chromium';

export async function hasChromium(): Promise<boolean> {
  return access(CHROMIUM).then(
    () => true,
    () => false,
  );
}

/** Software rendering, and no sandbox: tests run as root in containers. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
}

export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** Every address it asked for. */
  readonly requests: readonly string[];
  /** Errors and console messages. */
  readonly complaints: readonly string[];
}

/** Opens a file with a hash in a fresh context. */
export async function openPage(
  browser: Browser,
  file: string,
  hash = '',
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${pathToFileURL(file).href}${hash}`);
  return { page, requests, complaints, [Symbol.asyncDispose]: () => context.close() };
}
