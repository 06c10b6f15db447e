import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { WireEvent } from '../../evidence/wire-event.ts';
import { sampleAttempt } from '../sample/attempt.ts';
import { sampleRun, writeSampleRun } from '../sample/run.ts';
import { millis } from '../text/quantity.ts';
import { collectMarks } from '../timeline/collect-marks.ts';
import { writeReport } from '../write-report.ts';
import { hasChromium, launchChromium, openPage } from './open-page.ts';

type Box = NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>;

const attempt = sampleAttempt({
  scenario: 'dead-peer/silent-server',
  claim: 'a silent server is noticed',
  fault: { kind: 'swallow' },
  echoes: 4,
  failure: { code: 'timeout', afterMs: 1003 },
});
const casePage = 'dead-peer/silent-server/local-wire/node+node';

/** The stretch that the address names, or nothing. */
function stretchOf(page: Page): number[] {
  return (/&t=(-?[\d.]+)-([\d.]+)/.exec(page.url()) ?? []).slice(1).map(Number);
}

function widthOf(page: Page): number {
  const [fromMs = 0, toMs = 0] = stretchOf(page);
  return toMs - fromMs;
}

/** The first pixel that is painted, at a place in the canvas or after it; null: there is none yet. */
function pixelOf(canvas: Locator, from: number): Promise<{ at: number; colour: number[] } | null> {
  return canvas.evaluate((element: HTMLCanvasElement, first) => {
    const image = element.getContext('2d')?.getImageData(0, 0, element.width, element.height).data ?? [];
    for (let at = first; at < image.length; at += 4) {
      if (image[at + 3] === 255) return { at, colour: Array.from(image.slice(at, at + 4)) };
    }
    return null;
  }, from);
}

// That there is a Chromium is the page's test.
describe.runIf(await hasChromium())('the time line in a browser', () => {
  let browser: Browser;
  let folder: string;
  let index: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'halfopen-timeline-'));
    await writeSampleRun(folder, sampleRun([attempt.result]), [attempt]);
    ({ index } = await writeReport(folder));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  test('opens at an instant that its address names', async () => {
    await using open = await openPage(browser, index, `#${casePage}&t=60-80&e=1`);
    const { page } = open;
    const [, mark] = collectMarks(attempt.evidence);
    const told = `${millis(mark?.atMs ?? 0)} · server · listening: port 40001`;
    await expect.poll(() => page.locator('.readout').first().textContent()).toBe(told);
    await expect.poll(() => page.locator('#announcer').textContent()).toBe(told);
    expect(mark?.atMs).toBeGreaterThan(60);
    await page.keyboard.press('+');
    await expect
      .poll(() => stretchOf(page), { message: 'it goes on from the stretch that was named' })
      .toSatisfy(
        ([fromMs = 0, toMs = 0]: number[]) =>
          fromMs > 60 && fromMs < (mark?.atMs ?? 0) && toMs > (mark?.atMs ?? 0) && toMs < 80,
      );
  });

  test('goes from event to event by key, and the address follows', async () => {
    await using open = await openPage(browser, index, `#${casePage}`);
    const { page } = open;
    const readout = page.locator('.readout').first();
    await page.locator('canvas').first().focus();
    await page.keyboard.press('Home');
    await expect.poll(() => readout.textContent()).toContain('processes · spawned');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => readout.textContent()).toContain('server · listening: port 40001');
    await expect.poll(() => page.url()).toContain('&e=1');
    await page.keyboard.press('+');
    await expect.poll(() => page.url()).toMatch(/&t=\d+\.\d{3}-/);
    await page.keyboard.press('0');
    await expect.poll(() => page.url()).not.toContain('&t=');
  });

  /** A time line that is true to time, zoomed in, with an event in its middle. */
  const zoomed = async (page: Page): Promise<{ canvas: Locator; box: Box; whole: number }> => {
    const canvas = page.locator('canvas').first();
    await page.getByRole('button', { name: 'True to time' }).first().click();
    await canvas.focus();
    await page.keyboard.press('+');
    await expect.poll(() => stretchOf(page)).toHaveLength(2);
    const whole = widthOf(page) / 0.6;
    for (const _ of [1, 2, 3]) await page.keyboard.press('+');
    await expect.poll(() => widthOf(page)).toBeCloseTo(whole * 0.6 ** 4, 1);
    const box = await canvas.boundingBox();
    if (box === null) throw new Error('the time line is not seen');
    return { canvas, box, whole };
  };
  const startOf = (page: Page) => stretchOf(page)[0] ?? Number.NaN;

  test('moves by key, by most of what is seen, and back', async () => {
    await using open = await openPage(browser, index, `#${casePage}`);
    const { page } = open;
    await zoomed(page);
    const [start, width] = [startOf(page), widthOf(page)];
    await page.keyboard.press('PageDown');
    await expect.poll(() => startOf(page)).toBeCloseTo(start + 0.8 * width, 1);
    expect(widthOf(page)).toBeCloseTo(width, 1);
    await page.keyboard.press('PageUp');
    await expect.poll(() => startOf(page)).toBeCloseTo(start, 1);
  });

  test('brings the event that the arrows come to into view', async () => {
    await using open = await openPage(browser, index, `#${casePage}`);
    const { page } = open;
    await zoomed(page);
    const lastMs = collectMarks(attempt.evidence).at(-1)?.atMs ?? 0;
    expect(stretchOf(page)[1]).toBeLessThan(lastMs);
    await page.keyboard.press('End');
    await expect.poll(() => stretchOf(page)[1]).toBeGreaterThan(lastMs);
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => stretchOf(page)[0]).toBeLessThan(collectMarks(attempt.evidence)[1]?.atMs ?? 0);
  });

  test('moves with the pointer that drags it', async () => {
    await using open = await openPage(browser, index, `#${casePage}`);
    const { page } = open;
    const { box } = await zoomed(page);
    const [start, width] = [startOf(page), widthOf(page)];
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + 600, y);
    await page.mouse.down();
    await page.mouse.move(box.x + 500, y, { steps: 3 });
    await page.mouse.up();
    await expect.poll(() => startOf(page)).toBeCloseTo(start + (100 / (box.width - 132)) * width, 1);
    expect(widthOf(page)).toBeCloseTo(width, 1);
    expect(page.url(), 'a drag chooses no event').not.toContain('&e=');
  });

  test('moves by the wheel that goes sideways, zooms by Ctrl and the wheel, and leaves the plain wheel to the page', async () => {
    await using open = await openPage(browser, index, `#${casePage}`);
    const { page } = open;
    const { box } = await zoomed(page);
    const [start, width] = [startOf(page), widthOf(page)];
    await page.mouse.move(box.x + 600, box.y + box.height / 2);
    await page.mouse.wheel(100, 0);
    const moved = start + (100 / box.width) * width;
    await expect.poll(() => startOf(page)).toBeCloseTo(moved, 1);
    const top = await page.evaluate(() => scrollY);
    await page.mouse.wheel(0, 120);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(top);
    expect(startOf(page)).toBeCloseTo(moved, 1);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -100);
    await page.keyboard.up('Control');
    await expect.poll(() => widthOf(page) / width).toBeCloseTo(Math.exp(-0.4), 1);
  });

  test('zooms where two fingers move apart, and back where they close', async () => {
    await using open = await openPage(browser, index, `#${casePage}`, { hasTouch: true });
    const { page } = open;
    const canvas = page.locator('canvas').first();
    await canvas.scrollIntoViewIfNeeded();
    const box = await canvas.boundingBox();
    if (box === null) throw new Error('the time line is not seen');
    const session = await page.context().newCDPSession(page);
    const fingers = async (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: number[]) => {
      const touchPoints = xs.map((x, id) => ({ id, x: box.x + x, y: box.y + box.height / 2 }));
      await session.send('Input.dispatchTouchEvent', { type, touchPoints });
    };
    const pinch = async (from: readonly number[], to: readonly number[]) => {
      await fingers('touchStart', ...from.slice(0, 1));
      await fingers('touchStart', ...from);
      await fingers('touchMove', ...to);
      await fingers('touchEnd');
    };
    const under = (x: number) => (stretchOf(page)[0] ?? 0) + ((x - 128) / (box.width - 132)) * widthOf(page);
    await page.getByRole('button', { name: 'True to time' }).first().click();
    await pinch([500, 600], [400, 700]);
    await expect.poll(() => widthOf(page)).toBeGreaterThan(0);
    const [wide, middle] = [widthOf(page), under(550)];
    await pinch([500, 600], [450, 650]);
    await expect.poll(() => widthOf(page) / wide).toBeCloseTo(0.5, 2);
    expect(Math.abs(under(550) - middle), 'what is between the fingers stays there').toBeLessThan(wide / 100);
    await pinch([400, 800], [590, 610]);
    await expect.poll(() => page.url()).not.toContain('&t=');
  });

  test('picks the event under the pointer', async () => {
    await using open = await openPage(browser, index, `#${casePage}`);
    const canvas = open.page.locator('canvas').first();
    await canvas.focus();
    await open.page.keyboard.press('End');
    const readout = open.page.locator('.readout').first();
    await expect.poll(() => readout.textContent()).toContain('finished');
    const box = await canvas.boundingBox();
    // The first mark stands at the left end of the lane of processes.
    await canvas.click({ position: { x: 128 + 0.012 * ((box?.width ?? 0) - 132), y: (box?.height ?? 0) - 22 } });
    await expect.poll(() => readout.textContent()).toContain('spawned: server');
  });

  test('has every event in a table, which leads into the time line by key and by pointer', async () => {
    await using open = await openPage(browser, index, `#${casePage}`);
    const { page } = open;
    const details = page.locator('.case:visible details.events').first();
    const readout = page.locator('.readout').first();
    const held = () => page.evaluate(() => document.activeElement?.closest('tr')?.dataset['index'] ?? '');
    await details.locator('summary').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await expect.poll(held, { message: 'Tab comes to one row' }).toBe('0');
    for (const _ of [1, 2, 3]) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('&e=2');
    expect(await held()).toBe('2');
    await expect.poll(() => details.locator('tr[aria-current]').getAttribute('data-index')).toBe('2');
    const told = await details.locator('tr[aria-current] td').last().textContent();
    expect(await readout.textContent()).toContain(told);
    await details.locator('tr[data-index="4"]').click();
    await expect.poll(() => page.url()).toContain('&e=4');
    // From row to row to the last: as many as the table says it has.
    const rows = Number(await details.locator('table').getAttribute('aria-rowcount'));
    expect((await details.locator('summary').textContent())?.trim()).toBe(`${rows - 1} events as a table`);
    await details.locator('tr[data-index="4"] button').focus();
    for (let row = 6; row <= rows + 3; row += 1) await page.keyboard.press('ArrowDown');
    expect(await held()).toBe(String(rows - 2));
    await page.keyboard.press('Enter');
    await expect.poll(() => readout.textContent()).toContain('processes · finished');
    await page.keyboard.press('Tab');
    expect(await held(), 'Tab leaves the table').toBe('');
  });

  test('shows the chosen event in its table when that is opened', async () => {
    await using open = await openPage(browser, index, `#${casePage}`);
    const { page } = open;
    await page.locator('canvas').first().focus();
    await page.keyboard.press('End');
    const details = page.locator('.case:visible details.events').first();
    await details.locator('summary').click();
    await expect.poll(() => details.locator('tr[aria-current] td').last().textContent()).toBe('finished');
    // At once: rows are made anew as the table scrolls.
    const seen = () =>
      details.evaluate((element) => {
        const [row, frame] = ['tr[aria-current]', '.scroll'].map((part) =>
          element.querySelector(part)?.getBoundingClientRect(),
        );
        return row !== undefined && frame !== undefined && row.top >= frame.top && row.bottom <= frame.bottom + 1;
      });
    await expect.poll(seen).toBe(true);
  });

  test('can be turned dark, and the time line with it', async () => {
    await using open = await openPage(browser, index, `#${casePage}`, { colorScheme: 'light' });
    const { page } = open;
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const canvas = page.locator('canvas').first();
    await expect.poll(() => pixelOf(canvas, 0)).not.toBeNull();
    const [light, ink] = [await background(), await pixelOf(canvas, 0)];
    await page.getByRole('button', { name: 'Dark' }).click();
    expect(await background()).not.toBe(light);
    await expect.poll(async () => (await pixelOf(canvas, ink?.at ?? 0))?.colour).not.toEqual(ink?.colour);
  });

  test('holds 100,000 events of one attempt in a mebibyte, and lets a reader move among them', async () => {
    const wire = Array.from({ length: 100_000 }, (_, seq): WireEvent => {
      const piece = Math.floor(seq / 2);
      const kind = seq % 2 === 0 ? 'read' : 'wrote';
      return {
        kind,
        seq,
        atMs: 140 + seq * 0.031 + (seq % 7) * 0.003,
        conn: 1,
        direction: 'upstream',
        offset: piece * 512,
        bytes: 512,
      };
    });
    const place = join(folder, 'busy');
    await writeSampleRun(place, sampleRun([attempt.result]), [{ ...attempt, evidence: { ...attempt.evidence, wire } }]);
    const report = await writeReport(place);
    expect((await stat(report.index)).size).toBeLessThan(1024 * 1024);
    await using open = await openPage(browser, report.index, `#${casePage}&t=1000-1200`);
    await open.page.locator('canvas').first().waitFor();
    await expect.poll(() => open.page.locator('tr[aria-rowindex]').count()).toBeGreaterThan(0);
    await open.page.locator('canvas').first().focus();
    await open.page.keyboard.press('End');
    await expect.poll(() => open.page.locator('.readout').first().textContent()).toMatch(/^3,\d{3}\.\d ms/);
    expect(open.complaints).toEqual([]);
  });
});
