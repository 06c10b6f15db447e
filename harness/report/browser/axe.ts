/**
 * Test only: what axe objects to in a page, as it is seen now, and what of it axe cannot see.
 *
 * Axe gives up on a colour whose ground it cannot make out, and says so where no test looks: here that is an objection too. It
 * sees no ground of words in a picture; these are measured here.
 */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Why axe may not tell a contrast: a single character may be a sign, and what is scrolled lies in part below what stays. */
const UNTOLD: ReadonlySet<string> = new Set(['shortTextContent', 'nonBmp', 'elmPartiallyObscured']);

/**
 * Each rule that is broken, with the elements that break it.
 *
 * @param page opened with `bypassCSP`
 * @param within selects the part to look at
 */
export async function violations(page: Page, within = 'html'): Promise<string[]> {
  // What is out of sight is not laid out, and axe takes it to lie below what is.
  await page.addStyleTag({ content: '.case { content-visibility: visible !important }' });
  await page.evaluate(axe.source);
  const found = await page.evaluate(async (part) => {
    const { axe: checker } = globalThis as unknown as { axe: Pick<typeof axe, 'run'> };
    const { violations: broken, incomplete } = await checker.run(part);
    const unseen = incomplete.filter(({ id }) => id === 'color-contrast').flatMap(({ nodes }) => nodes);
    return {
      broken: broken.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`),
      unseen: unseen.map(({ html, any }) => ({
        html,
        key: (any[0]?.data as { messageKey?: string } | null)?.messageKey,
      })),
    };
  }, within);
  const untold = found.unseen
    .filter(({ html, key }) => !UNTOLD.has(key ?? '') && !/^<t(?:ext|itle)\b/.test(html))
    .map(({ html, key }) => `contrast not told, ${key}: ${html.slice(0, 200)}`);
  return [...found.broken, ...untold, ...(await faintWords(page))];
}

/** The words in pictures whose contrast is less than what WCAG asks of words on a page. */
async function faintWords(page: Page): Promise<string[]> {
  return page.locator('svg.lanes text:visible').evaluateAll((words) => {
    const luminance = (colour: string): number => {
      const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
        const share = Number(part) / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    return words.flatMap((word) => {
      const figure = word.closest('figure');
      const bar = word.previousElementSibling?.matches('rect.message') === true ? word.previousElementSibling : null;
      const fill = bar === null ? 'none' : getComputedStyle(bar).fill;
      const ground = fill === 'none' && figure !== null ? getComputedStyle(figure).backgroundColor : fill;
      const colour = getComputedStyle(word).fill;
      const [dim = 0, bright = 0] = [luminance(colour), luminance(ground)].toSorted((a, b) => a - b);
      const contrast = (bright + 0.05) / (dim + 0.05);
      return contrast >= 4.5 ? [] : [`${contrast.toFixed(2)}, ${colour} on ${ground}: ${word.outerHTML}`];
    });
  });
}
