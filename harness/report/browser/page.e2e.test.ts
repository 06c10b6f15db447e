import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { sampleAttempt } from '../sample/attempt.ts';
import type { AttemptShape } from '../sample/attempt.ts';
import { sampleRun, writeSampleRun } from '../sample/run.ts';
import { sampleSweep } from '../sample/sweep.ts';
import { writeReport } from '../write-report.ts';
import { violations } from './axe.ts';
import { CHROMIUM, hasChromium, launchChromium, openPage } from './open-page.ts';

const present = await hasChromium();

test('there is a Chromium to look at the page with', (context) => {
  if (!present && process.env['CI'] !== 'true') context.skip(`no Chromium at ${CHROMIUM}: the page was not looked at`);
  expect(present, `no Chromium at ${CHROMIUM}: apt-get install chromium`).toBe(true);
});

const silent: AttemptShape = {
  scenario: 'dead-peer/silent-server',
  claim: 'a silent server is noticed',
  fault: { kind: 'swallow' },
  echoes: 4,
  failure: { code: 'timeout', afterMs: 1003 },
};
const clean: AttemptShape = { scenario: 'framing/clean', claim: 'a clean exchange is clean' };
const late: AttemptShape = {
  ...silent,
  client: 'python',
  verdict: 'fail',
  reason: 'it took too long',
  checks: [{ outcome: 'fail', measured: { valueMs: 1843, atLeastMs: 1000, atMostMs: 1040 }, atMs: 300 }],
};
const silentPage = 'dead-peer/silent-server/local-wire/node+node';
const failingPage = 'dead-peer/silent-server/local-wire/node+python';

describe.runIf(present)('the page in a browser', () => {
  let browser: Browser;
  let folder: string;
  let index: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'halfopen-page-'));
    const attempts = [
      ...[silent, clean, late, { ...clean, client: 'python' }].map((shape) => sampleAttempt(shape)),
      sampleAttempt({ ...silent, variant: 'control' }),
    ];
    const tagged = attempts.map(({ result }) => {
      const tags = ['needs:quiet', ...(result.scenario === clean.scenario ? ['basic'] : [])];
      return { ...result, tags };
    });
    await writeSampleRun(folder, sampleRun(tagged), attempts);
    ({ index } = await writeReport(folder));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  const shown = (page: Page) => page.locator('[data-case]:not([hidden])');

  test('opens from disk with one request, and nothing to complain of', async () => {
    await using open = await openPage(browser, index, `#${silentPage}`);
    await open.page.locator('canvas').first().waitFor();
    expect(open.requests).toHaveLength(1);
    expect(open.complaints).toEqual([]);
  });

  test('leads from a cell of the matrix to its case, and back', async () => {
    await using open = await openPage(browser, index);
    expect(await shown(open.page).count()).toBe(0);
    await open.page.locator(`.matrix a[href="#${failingPage}"]`).click();
    await expect.poll(() => shown(open.page).getAttribute('id')).toBe(failingPage);
    await open.page.goBack();
    await expect.poll(() => open.page.locator('#overview').isVisible()).toBe(true);
    expect(await shown(open.page).count()).toBe(0);
  });

  test('names the case that is shown in the title of its tab', async () => {
    await using open = await openPage(browser, index, `#${failingPage}`);
    const claim = (await shown(open.page).locator('h1').textContent())?.trim() ?? '';
    expect(claim).not.toBe('');
    await expect.poll(() => open.page.title()).toContain(`${claim} · `);
    await open.page.evaluate(() => (location.hash = '#overview'));
    await expect.poll(() => open.page.title()).not.toContain(claim);
    expect(await open.page.title()).toContain('Halfopen');
  });

  test('filters by word, verdict and fault, and keeps the filter in its address', async () => {
    await using open = await openPage(browser, index);
    const { page } = open;
    const rows = page.locator('.matrix tr.scenario:visible');
    expect(await rows.count()).toBe(2);
    await page.locator('#filter input').fill('silent python');
    expect(await rows.count()).toBe(1);
    expect(await page.locator('#filter .count').textContent()).toBe('1 of 4 cases');
    await expect.poll(() => page.url()).toContain('#q=silent%20python');
    await page.locator('#filter button', { hasText: 'pass' }).click();
    expect(await rows.count()).toBe(0);
    await using again = await openPage(browser, index, '#v=fail&f=swallow');
    expect(await again.page.locator('#filter .count').textContent()).toBe('1 of 4 cases');
    expect(await again.page.locator('.matrix td:visible:not(.dim) a').getAttribute('href')).toBe(`#${failingPage}`);
  });

  test('keeps the filter on the way to a case and back, by a key, a link or a step of the history', async () => {
    await using open = await openPage(browser, index);
    const { page } = open;
    const count = page.locator('#filter .count');
    await page.locator('#filter button', { hasText: 'fail' }).click();
    const ways = [
      () => page.keyboard.press('Escape'),
      () => shown(page).getByRole('link', { name: 'All cases' }).click(),
      () => page.goBack(),
    ];
    for (const back of ways) {
      await page.locator('.matrix td:visible:not(.dim) a').click();
      await expect.poll(() => shown(page).getAttribute('id')).toBe(failingPage);
      expect(page.url()).toContain(`#${failingPage}&v=fail`);
      await back();
      await expect.poll(() => page.locator('#overview').isVisible()).toBe(true);
      expect(await count.textContent()).toBe('1 of 4 cases');
      expect(page.url()).toMatch(/#v=fail$/);
    }
    await page.locator('#filter button', { hasText: 'fail' }).click();
    await page.locator(`.matrix a[href^="#${silentPage}"]`).click();
    await expect.poll(() => page.url()).toMatch(new RegExp(`${silentPage.replace('+', '.')}$`));
  });

  test('filters by behaviour, the folder of a scenario, with a control of its own', async () => {
    await using open = await openPage(browser, index);
    const { page } = open;
    const headings = page.locator('.matrix .behaviour:visible');
    expect(await headings.allTextContents()).toHaveLength(2);
    await page.getByRole('combobox', { name: 'behaviour' }).selectOption('framing');
    await expect.poll(() => page.url()).toMatch(/#b=framing$/);
    expect(await page.locator('.matrix tr.scenario:visible code').allTextContents()).toEqual(['framing/clean']);
    expect((await headings.allTextContents()).map((text) => text.trim())).toEqual(['framing']);
    await using again = await openPage(browser, index, '#b=dead-peer&v=fail');
    expect(await again.page.locator('#filter .count').textContent()).toBe('1 of 4 cases');
    expect(await again.page.getByRole('combobox', { name: 'behaviour' }).inputValue()).toBe('dead-peer');
    const toggles = again.page.locator('#filter button');
    expect(await toggles.allTextContents(), 'what is wrong first').toEqual(['fail', 'pass']);
  });

  test('filters by tag, where a tag tells cases apart', async () => {
    await using open = await openPage(browser, index);
    const { page } = open;
    const tags = page.getByRole('combobox', { name: 'tag' });
    expect(await tags.locator('option').allTextContents(), 'not what all have').toEqual(['Any tag', 'basic']);
    await tags.selectOption('basic');
    await expect.poll(() => page.url()).toMatch(/#tag=basic$/);
    expect(await page.locator('.matrix tr.scenario:visible code').allTextContents()).toEqual(['framing/clean']);
    await using again = await openPage(browser, index, '#tag=basic');
    expect(await again.page.locator('#filter .count').textContent()).toBe('2 of 4 cases');
    expect(await again.page.getByRole('combobox', { name: 'tag' }).inputValue()).toBe('basic');
  });

  test('leads from what broke to its instant, and from the list of attempts to each of them', async () => {
    await using failing = await openPage(browser, index, `#${failingPage}`);
    await failing.page.locator('.breach .instant').click();
    await expect.poll(() => failing.page.url()).toMatch(/&t=\d+\.\d{3}-\d+\.\d{3}&e=\d+$/);
    await using open = await openPage(browser, index, `#${silentPage}`);
    await open.page.locator('.attempts a', { hasText: 'control' }).click();
    await expect.poll(() => open.page.locator('details.attempt[open] canvas:visible').count()).toBe(1);
    await using sent = await openPage(browser, index, `#${silentPage}:2&t=66`);
    await expect.poll(() => sent.page.locator('details.attempt[open] .readout').textContent()).toMatch(/^6\d\.\d ms/);
  });

  test.each([
    [1600, 'beside'],
    [1280, 'below'],
  ] as const)('has the control, open, on a screen of %i pixels %s the fault', async (width, where) => {
    await using open = await openPage(browser, index, `#${silentPage}`, { viewport: { width, height: 900 } });
    const attempts = open.page.locator('.case:visible .beside > .attempt');
    await expect.poll(() => attempts.locator('canvas:visible').count()).toBe(2);
    const [fault, control] = await Promise.all([0, 1].map((at) => attempts.nth(at).boundingBox()));
    if (fault == null || control == null) throw new Error('an attempt is not seen');
    const isBeside = control.x >= fault.x + fault.width;
    const isBelow = control.y >= fault.y + fault.height;
    expect({ isBeside, isBelow }).toEqual({ isBeside: where === 'beside', isBelow: where === 'below' });
    const around = await open.page.locator('.case:visible').boundingBox();
    expect(around?.x, 'nothing is cut off').toBeLessThanOrEqual(fault.x);
    const [one, other] = await Promise.all([0, 1].map((at) => attempts.nth(at).locator('canvas').boundingBox()));
    expect(Math.abs((one?.y ?? 0) - (other?.y ?? 0)) < 3, 'the time lines are at one height').toBe(isBeside);
    expect(await open.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await open.page.emulateMedia({ media: 'print' });
    const display = await open.page.locator('.case:visible .beside').evaluate((part) => getComputedStyle(part).display);
    expect(display, 'on paper').toBe('block');
  });

  const sweepReport = async (): Promise<string> => {
    const place = await mkdtemp(join(folder, 'sweep-'));
    const sweep = sampleSweep({ ...clean, verdict: 'fail', checks: [{ outcome: 'fail' }] }, 40);
    await writeSampleRun(place, sampleRun([sweep.result]), [sweep]);
    return (await writeReport(place)).index;
  };
  const low = { viewport: { width: 1280, height: 500 } };
  const sweepPage = `#${clean.scenario}/local-wire/node+node`;

  /** Looks at where a page is anew, on a processor that is so many times slower: what is laid out late must not move it. */
  const slowly = async (page: Page, times: number): Promise<void> => {
    const address = page.url();
    await page.goto('about:blank');
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: times });
    await page.goto(address);
  };

  test.each([
    [true, 1],
    [true, 20],
    [false, 1],
  ])(
    'leads from a step of a sweep to its bytes, with a script: %s, %i times slower',
    async (javaScriptEnabled, times) => {
      const bytes = `${sweepPage}:1:downstream-1`;
      await using open = await openPage(browser, await sweepReport(), bytes, { ...low, javaScriptEnabled });
      const { page } = open;
      if (times > 1) await slowly(page, times);
      expect(await page.locator('.step').first().getAttribute('href')).toBe(bytes);
      const figure = page.locator(`[id="${bytes.slice(1)}"]`);
      const top = async (): Promise<number> => (await figure.boundingBox())?.y ?? Number.NaN;
      await expect.poll(async () => Math.abs((await top()) - 72)).toBeLessThan(20);
    },
  );

  test('leads from a step of a sweep whose bytes are not drawn to its instant, and axe finds nothing in it', async () => {
    await using open = await openPage(browser, await sweepReport(), sweepPage, { bypassCSP: true });
    const { page } = open;
    await page.locator('canvas').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.locator('.step').nth(1).click();
    await expect.poll(() => page.url()).toContain('&t=151');
  });

  test('finds failures and the search by key', async () => {
    await using open = await openPage(browser, index);
    const { page } = open;
    await page.keyboard.press('n');
    await expect.poll(() => shown(page).getAttribute('id')).toBe(failingPage);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('#overview').isVisible()).toBe(true);
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search');
  });

  test('goes round from the last failure to the first by key, and each time the heading has the focus', async () => {
    const place = await mkdtemp(join(folder, 'failures-'));
    const attempts = ['a', 'b', 'c'].map((name) =>
      sampleAttempt({ ...clean, scenario: `framing/${name}`, claim: name, verdict: name === 'b' ? 'pass' : 'fail' }),
    );
    await writeSampleRun(place, sampleRun(attempts.map(({ result }) => result)), attempts);
    await using open = await openPage(browser, (await writeReport(place)).index);
    const { page } = open;
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
    for (const step of ['n a', 'n c', 'n a', 'p c', 'p a']) {
      const [key = '', claim] = step.split(' ');
      await page.keyboard.press(key);
      await expect.poll(focused, { message: step }).toBe(claim);
    }
    await page.keyboard.press('p');
    await expect.poll(() => page.locator('#announcer').textContent()).toBe('The last failure again');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('overview');
  });

  test('gives the keys to the time line that a link leads to', async () => {
    await using open = await openPage(browser, index, `#${failingPage}`);
    const { page } = open;
    await page.locator('.case:visible .breach .instant').click();
    const readout = page.locator('.case:visible .readout').first();
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('CANVAS');
    await expect.poll(() => readout.textContent()).toMatch(/^[\d,.]+ ms/);
    const before = await readout.textContent();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => readout.textContent()).not.toBe(before);
  });

  test('has a place for the time line before it is drawn, and nothing moves then', async () => {
    await using open = await openPage(browser, index, `#${silentPage}`);
    const canvas = open.page.locator('canvas').first();
    await expect.poll(() => canvas.getAttribute('height')).not.toBeNull();
    const drawn = await canvas.boundingBox();
    await open.page.addInitScript(() => (globalThis.requestAnimationFrame = () => 1));
    await open.page.reload();
    await canvas.waitFor();
    expect(await canvas.getAttribute('height')).toBeNull();
    expect((await canvas.boundingBox())?.height).toBe(drawn?.height);
  });

  test('tells everything without a script', async () => {
    await using open = await openPage(browser, index, '', { javaScriptEnabled: false });
    const { page } = open;
    expect(await page.locator('article.case:visible').count()).toBe(4);
    expect(await page.locator('article.case svg.lanes:visible').count()).toBeGreaterThanOrEqual(4);
    expect(await page.locator('.reproduce:visible').count()).toBe(4);
    expect(await page.locator('#filter').isVisible()).toBe(false);
  });

  test('leads from the matrix to the case, without a script too', async () => {
    await using open = await openPage(browser, index, '', { javaScriptEnabled: false });
    const tops: number[] = [];
    for (const link of await open.page.locator('.matrix a').all()) {
      const id = (await link.getAttribute('href'))?.slice(1) ?? '';
      await open.page.goto(`${pathToFileURL(index).href}#${id}`);
      const box = await open.page.locator(`[id="${id}"]`).boundingBox();
      tops.push(box?.y ?? Number.NaN);
    }
    expect(tops).toHaveLength(4);
    expect(tops.filter((top) => !(Math.abs(top) < 300))).toEqual([]);
  });

  test('prints the picture of the time line, not the canvas', async () => {
    await using open = await openPage(browser, index, `#${silentPage}`);
    await open.page.locator('canvas').first().waitFor();
    await open.page.emulateMedia({ media: 'print' });
    expect(await open.page.locator('canvas:visible').count()).toBe(0);
    expect(await open.page.locator('.case:not([hidden]) svg.lanes:visible').count()).toBeGreaterThan(0);
    expect(await open.page.locator('.case:visible').count()).toBe(1);
    const breaks = open.page.locator('.case:visible').evaluate((element) => getComputedStyle(element).breakBefore);
    expect(await breaks, 'a sheet with nothing on it').toBe('auto');
  });

  test.each([true, false])('prints with the overview the cases that are no pass, with a script: %s', async (script) => {
    await using open = await openPage(browser, index, '', { javaScriptEnabled: script });
    await open.page.emulateMedia({ media: 'print' });
    expect(await open.page.locator('.case:visible').evaluateAll((cases) => cases.map(({ id }) => id))).toEqual([
      failingPage,
    ]);
  });

  const sheet = { viewport: { width: 720, height: 1000 } };

  test.each(['', `#${failingPage}`, `#${silentPage}`])('has everything on the sheet%s', async (hash) => {
    await using open = await openPage(browser, index, hash, sheet);
    await open.page.emulateMedia({ media: 'print' });
    const beyond = await open.page
      .locator('table:visible, pre:visible, svg:visible')
      .evaluateAll((parts) =>
        parts.filter((part) => part.getBoundingClientRect().right > 720).map((part) => part.outerHTML),
      );
    expect(beyond).toEqual([]);
  });

  test('has the columns of a table below one another on a narrow screen, each with its name', async () => {
    await using open = await openPage(browser, index, `#${silentPage}`, { viewport: { width: 390, height: 800 } });
    const tables = open.page.locator('.case:visible .stacks:visible');
    expect(await tables.count()).toBeGreaterThan(3);
    const cut = await tables.evaluateAll(
      (all) => all.filter((table) => table.getBoundingClientRect().right > 390).length,
    );
    expect(cut).toBe(0);
    const cell = open.page.locator('.case:visible .faults td').first();
    const name = await cell.evaluate((element) => getComputedStyle(element, '::before').content);
    expect(name).toBe('"Asked"');
  });

  test('begins a stream that is wider than the screen where it went wrong', async () => {
    await using open = await openPage(browser, index, `#${silentPage}`, { viewport: { width: 390, height: 800 } });
    const place = open.page.locator('.case:visible .byte-view .divergence').first();
    await expect.poll(async () => (await place.boundingBox())?.x).toBeLessThan(390);
    const view = open.page
      .locator('.case:visible .byte-view')
      .filter({ has: open.page.locator('.divergence') })
      .first();
    const sides = (part: string) =>
      view.locator(part).evaluateAll((all) => all.map((each) => each.getBoundingClientRect().toJSON() as DOMRect));
    const names = await sides('.row-names span');
    expect(names.map(({ left, right }) => left >= 0 && right <= 390)).toEqual([true, true, true, true]);
    const [sent] = await sides('rect.message');
    expect(names[0]?.bottom, 'above its bar').toBeLessThanOrEqual(sent?.top ?? 0);
    expect(names[0]?.bottom).toBeGreaterThan((sent?.top ?? 0) - 5);
  });

  test('says so where the filter leaves nothing, and lets go of it', async () => {
    await using open = await openPage(browser, index, '#q=nowhere');
    const { page } = open;
    await page.getByText('No case matches.').waitFor();
    expect(await page.locator('.matrix').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    expect(await page.locator('.matrix tr.scenario:visible').count()).toBe(2);
    expect(await page.locator('.no-match').isVisible()).toBe(false);
    await expect.poll(() => page.url()).not.toContain('q=');
  });

  test.each([
    [['node', 'python'], 'roomy'],
    [['a-subject-with-a-name-of-some-length', 'another-one-with-a-name-as-long', 'and-a-third'], 'wide'],
  ])('has every column of %j in sight', async (clients, room) => {
    const place = await mkdtemp(join(folder, 'columns-'));
    const attempts = clients.flatMap((client) => clients.map((server) => sampleAttempt({ ...clean, client, server })));
    await writeSampleRun(place, sampleRun(attempts.map(({ result }) => result)), attempts);
    await using open = await openPage(browser, (await writeReport(place)).index);
    const part = open.page.locator('.matrix-part');
    expect(await part.getAttribute('class')).toContain(room);
    const frame = await part.locator('.scroll').boundingBox();
    const head = await part.locator('thead').boundingBox();
    const rights = await part
      .locator('.matrix a')
      .evaluateAll((links) => links.map((link) => link.getBoundingClientRect().right));
    expect(Math.max(...rights)).toBeLessThanOrEqual((frame?.x ?? 0) + (frame?.width ?? 0));
    expect(head?.height).toBeLessThan(250);
  });

  const manyRows = async (clients: readonly string[]): Promise<string> => {
    const place = await mkdtemp(join(folder, 'rows-'));
    const { result } = sampleAttempt(clean);
    const names = Array.from({ length: 40 }, (_, row) => `framing/clean-${row}`);
    const results = names.flatMap((scenario) => clients.map((client) => ({ ...result, scenario, client })));
    await writeSampleRun(place, sampleRun(results), []);
    return (await writeReport(place)).index;
  };

  test('keeps the names of pairs in sight where the page scrolls', async () => {
    await using open = await openPage(browser, await manyRows(['node', 'python']));
    const { page } = open;
    const row = page.locator('.matrix tr.scenario').nth(20);
    const topOf = async (part: Locator) => (await part.boundingBox())?.y ?? Number.NaN;
    const tops = async (byPixels: number) => {
      await page.evaluate((pixels) => scrollBy({ top: pixels, behavior: 'instant' }), byPixels);
      return [await topOf(page.locator('.matrix .pair').first()), await topOf(row)] as const;
    };
    const [head, before] = await tops(600);
    const [still, after] = await tops(300);
    expect(before - after, 'the rows move').toBeCloseTo(300, 0);
    expect(still, 'the names stay').toBeCloseTo(head, 0);
    expect(head).toBeGreaterThan(40);
    expect(head).toBeLessThan(120);
  });

  test('keeps the names of pairs and of claims in sight where the matrix scrolls in its frame', async () => {
    const clients = Array.from({ length: 12 }, (_, column) => `a-subject-with-a-name-of-some-length-${column}`);
    await using open = await openPage(browser, await manyRows(clients), '', { viewport: { width: 900, height: 700 } });
    const part = open.page.locator('.matrix-part .scroll');
    await part.evaluate((frame) => frame.scrollTo({ top: 500, left: 150, behavior: 'instant' }));
    expect(await part.evaluate(({ scrollTop, scrollLeft }) => [scrollTop, scrollLeft])).toEqual([500, 150]);
    const frame = await part.boundingBox();
    const pair = await part.locator('.pair').nth(6).boundingBox();
    const claim = await part.locator('tr.scenario th').nth(20).boundingBox();
    const place = await part.locator('.place').first().boundingBox();
    if (frame === null || pair === null || claim === null || place === null) throw new Error('a name is not there');
    expect(Math.abs(place.y - frame.y)).toBeLessThan(3);
    expect(Math.abs(pair.y - place.y - place.height)).toBeLessThan(3);
    expect(Math.abs(claim.x - frame.x)).toBeLessThan(3);
  });

  test('shows every verdict on a narrow screen, with its pair, however many columns there are', async () => {
    const place = await mkdtemp(join(folder, 'narrow-'));
    const clients = ['a-subject-with-a-name-of-some-length', 'another-one-with-a-name-as-long', 'node'];
    const attempts = clients.map((client) => sampleAttempt({ ...clean, client }));
    await writeSampleRun(place, sampleRun(attempts.map(({ result }) => result)), attempts);
    const narrow = { viewport: { width: 390, height: 800 }, bypassCSP: true };
    await using open = await openPage(browser, (await writeReport(place)).index, '', narrow);
    const { page } = open;
    const chips = page.locator('.matrix a');
    const rights = await chips.evaluateAll((links) => links.map((link) => link.getBoundingClientRect().right));
    expect(rights).toHaveLength(3);
    expect(Math.max(...rights)).toBeLessThanOrEqual(390);
    expect(await page.locator('.matrix td:visible .own-pair:visible').allTextContents()).toContain(
      `${clients[0]} → node`,
    );
    expect(await violations(page)).toEqual([]);
    await page.locator('#filter input').fill('another-one');
    await expect.poll(() => chips.locator('visible=true').count()).toBe(1);
  });

  test.each(['', `#${silentPage}`])('fits a narrow screen%s', async (hash) => {
    await using open = await openPage(browser, index, hash, { viewport: { width: 360, height: 700 } });
    const wider = await open.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wider).toBeLessThanOrEqual(0);
  });

  test.each([
    ['overview, light', '', 'light', 'screen'],
    ['overview, dark', '', 'dark', 'screen'],
    ['filtered', '#v=fail', 'light', 'screen'],
    ['case, light', `#${failingPage}`, 'light', 'screen'],
    ['case, dark', `#${silentPage}`, 'dark', 'screen'],
    ['case on paper', `#${failingPage}`, 'light', 'print'],
  ] as const)('has nothing that axe objects to: %s', async (_, hash, colorScheme, media) => {
    await using open = await openPage(browser, index, hash, { colorScheme, bypassCSP: true });
    await open.page.emulateMedia({ media, colorScheme });
    if (hash.startsWith('#dead')) await open.page.locator('.readout').first().waitFor({ state: 'attached' });
    expect(await violations(open.page)).toEqual([]);
  });

  test('has nothing that axe objects to without its script', async () => {
    const bare = join(folder, 'bare.html');
    await writeFile(bare, (await readFile(index, 'utf8')).replaceAll(/<script>.*?<\/script>/gs, ''));
    await using open = await openPage(browser, bare, '', { bypassCSP: true });
    expect(await violations(open.page)).toEqual([]);
  });
});
