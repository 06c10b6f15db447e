import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { FAILING, writeGallery, writeMutantsGallery } from '../sample/gallery.ts';
import { violations } from './axe.ts';
import { hasChromium, launchChromium, openPage } from './open-page.ts';

const present = await hasChromium();

// That there must be a Chromium is tested in page.e2e.test.ts.
describe.runIf(present)('every part that a page may have', () => {
  let browser: Browser;
  let folder: string;
  const pages: Record<string, string> = {};

  /** A page without its script, as a mail reader or a strict policy leaves it. */
  const bare = async (name: string, index: string): Promise<string> => {
    const path = join(folder, `${name}.html`);
    await writeFile(path, (await readFile(index, 'utf8')).replaceAll(/<script>.*?<\/script>/gs, ''));
    return path;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'halfopen-accessibility-'));
    pages['every verdict'] = await writeGallery(join(folder, 'gallery'));
    pages['seeded bugs'] = await writeMutantsGallery(join(folder, 'mutants'));
    for (const [name, index] of Object.entries(pages)) pages[`${name}, no script`] = await bare(name, index);
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  interface Look {
    readonly colorScheme?: 'light' | 'dark';
    readonly media?: 'screen' | 'print';
    readonly width?: number;
  }

  const openAll = async (name: string, id: string, { colorScheme = 'light', media = 'screen', width = 1280 }: Look) => {
    const options = { colorScheme, viewport: { width, height: 900 }, bypassCSP: true };
    const open = await openPage(browser, pages[name] ?? '', `#${id}`, options);
    await open.page.emulateMedia({ media, colorScheme });
    await open.page.locator('details').evaluateAll((all) => all.forEach((each) => each.setAttribute('open', '')));
    return open;
  };

  /** Every time line of the case is there to be moved in. */
  const mounted = async (page: Page): Promise<void> => {
    const shown = page.locator('.case:not([hidden])');
    const figures = await shown.locator('[data-timeline]').count();
    expect(figures).toBeGreaterThan(0);
    await expect.poll(() => shown.locator('.readout').count()).toBe(figures);
  };

  const LOOKS: Readonly<Record<string, Look>> = {
    'in light colours': {},
    'in dark colours': { colorScheme: 'dark' },
    'on paper, where the screen is dark': { colorScheme: 'dark', media: 'print', width: 720 },
    'on a narrow screen': { width: 390 },
  };

  test.each(Object.keys(LOOKS))('is nothing that axe objects to without a script, %s', async (look) => {
    await using all = await openAll('every verdict, no script', '', LOOKS[look] ?? {});
    expect(await violations(all.page)).toEqual([]);
    await using bugs = await openAll('seeded bugs, no script', '', LOOKS[look] ?? {});
    expect(await violations(bugs.page, '#overview')).toEqual([]);
  });

  test.each([
    ['the overview on paper', '', { media: 'print', width: 720 }],
    ['the overview on a narrow screen', '', { width: 390 }],
    ['a case with all of it open, dark', FAILING, { colorScheme: 'dark' }],
    ['a case on a narrow screen', FAILING, { width: 390 }],
  ] as const)('is nothing that axe objects to with its script: %s', async (_, id, look) => {
    await using open = await openAll('every verdict', id, look);
    if (id !== '') await mounted(open.page);
    expect(await violations(open.page)).toEqual([]);
  });

  test('is dark on white on paper, though a reader has turned the page dark', async () => {
    await using open = await openAll('every verdict', FAILING, {});
    const { page } = open;
    await mounted(page);
    await page.getByRole('button', { name: 'Dark' }).click();
    await page.emulateMedia({ media: 'print' });
    expect(await violations(page)).toEqual([]);
  });

  describe.each(['light', 'dark'] as const)('without style sheet and script, on a screen that is %s', (colorScheme) => {
    const openUnstyled = async () => {
      const unstyled = join(folder, 'unstyled.html');
      const page = await readFile(pages['every verdict, no script'] ?? '', 'utf8');
      await writeFile(unstyled, page.replace(/<style>.*?<\/style>/s, ''));
      return openPage(browser, unstyled, '', { colorScheme, javaScriptEnabled: false });
    };

    test('tells the verdict, the claim, what was expected, what happened, and how to run it again, in this order', async () => {
      await using open = await openUnstyled();
      const text = await open.page.locator(`[id="${FAILING}"]`).innerText();
      const told = [
        'fail',
        'a silent server is noticed',
        'Expected',
        'Happened',
        'npx halfopen run dead-peer/silent-server',
      ];
      const places = told.map((words) => text.indexOf(words));
      expect(places).not.toContain(-1);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    });

    test('shows every line of a picture, and no area that hides the others', async () => {
      await using open = await openUnstyled();
      const shapes = open.page.locator('svg:visible :is(path, rect, circle)');
      expect(await shapes.count()).toBeGreaterThan(500);
      const wrong = await shapes.evaluateAll((all) =>
        all
          .filter((shape) => {
            const { width, height } = (shape as SVGGraphicsElement).getBBox();
            const { fill, stroke, color } = getComputedStyle(shape);
            if (width === 0 && height === 0) return false;
            const isSeen = stroke === color || (width > 0 && height > 0 && fill !== 'none');
            return !isSeen || (shape.matches('rect') && height > 20 && fill.startsWith('rgb('));
          })
          .map((shape) => shape.outerHTML.slice(0, 200)),
      );
      expect(wrong).toEqual([]);
    });
  });
});
