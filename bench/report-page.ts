/**
 * What it costs a reader to open a page with a busy time line and to move in it, in a real browser: from the start of the
 * navigation, or from a key, to the frame on the screen.
 */
import { pathToFileURL } from 'node:url';

import type { Page } from 'playwright-core';

import { launchChromium } from '../harness/report/browser/open-page.ts';
import { quantile } from './quantile.ts';
import type { Row } from './row.ts';

const OPENINGS = 5;
const MOVES = 120;
/** The browser tells of no key whose frame was there sooner. */
const LEAST_TOLD_MS = 16;

/** What the page notes of itself. */
interface Noted {
  /** Since the navigation began; 0: not yet. */
  firstShownMs: number;
  /** From each key to the frame that shows what it did. */
  readonly movesMs: number[];
}

/** Stands in the page before anything of its own. */
function takeNotes(leastMs: number): void {
  const noted: Noted = { firstShownMs: 0, movesMs: [] };
  Object.assign(globalThis, { noted });
  const drawn = new PerformanceObserver(() => {
    drawn.disconnect();
    // The frame in which it was drawn is on the screen when the frame after the next begins.
    requestAnimationFrame(() => requestAnimationFrame(() => (noted.firstShownMs = performance.now())));
  });
  drawn.observe({ type: 'measure', buffered: true });
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) if (name === 'keydown') noted.movesMs.push(duration);
  }).observe({ type: 'event', durationThreshold: leastMs } as PerformanceObserverInit);
}

const notes = (page: Page): Promise<Noted> => page.evaluate(() => (globalThis as unknown as { noted: Noted }).noted);

/**
 * @param index a page of one case
 * @param id of the case
 * @param events of its time line
 */
export async function busyPageRows(index: string, id: string, events: number): Promise<Row[]> {
  const browser = await launchChromium();
  try {
    const firstMs: number[] = [];
    let moves: Moves = { shownMs: [], drawnMs: [] };
    for (let opening = 0; opening < OPENINGS; opening += 1) {
      await using context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      await context.addInitScript(takeNotes, LEAST_TOLD_MS);
      const page = await context.newPage();
      await page.goto(`${pathToFileURL(index).href}#${id}`);
      await page.waitForFunction(() => (globalThis as unknown as { noted: Noted }).noted.firstShownMs > 0);
      firstMs.push((await notes(page)).firstShownMs);
      if (opening === OPENINGS - 1) moves = await movesOf(page);
    }
    const first = quantile(firstMs, 0.5);
    const shown = quantile(moves.shownMs, 0.95);
    return [
      row(`open ${events} events from disk until they are on the screen, median of ${OPENINGS}`, first, 500),
      row(`move among ${events} events, from a key to the screen, p95 of ${MOVES}`, shown, 50),
      {
        measure: `draw again among ${events} events, without painting it, p95 of ${moves.drawnMs.length}`,
        value: quantile(moves.drawnMs, 0.95),
        unit: 'ms',
      },
    ];
  } finally {
    await browser.close();
  }
}

interface Moves {
  readonly shownMs: readonly number[];
  readonly drawnMs: readonly number[];
}

async function movesOf(page: Page): Promise<Moves> {
  await page.locator('canvas').first().focus();
  for (let move = 0; move < MOVES; move += 1) {
    await page.keyboard.press(move % 3 === 0 ? 'PageDown' : move % 12 === 1 ? '+' : '-');
    await page.evaluate(() => new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown))));
  }
  // What the last keys came to is told with a later frame.
  await page.evaluate(() => new Promise((idle) => requestIdleCallback(idle)));
  const { movesMs } = await notes(page);
  const drawnMs = await page.evaluate(() =>
    performance.getEntriesByName('timeline-draw').map(({ duration }) => duration),
  );
  const untold = Array.from({ length: Math.max(0, MOVES - movesMs.length) }, () => LEAST_TOLD_MS);
  return { shownMs: [...movesMs, ...untold], drawnMs };
}

function row(measure: string, value: number, mostMs: number): Row {
  return { measure, value, unit: 'ms', asked: `at most ${mostMs} ms`, kept: value <= mostMs };
}
