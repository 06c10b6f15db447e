/**
 * The page's colours as a canvas needs them: read back from the style sheet, so that light, dark and a reader's own
 * colours hold for both.
 */
import type { Tone } from '../timeline/mark.ts';

type ColourName = Tone | 'ink' | 'soft' | 'line' | 'band' | 'card' | 'link';
export type Palette = Readonly<Record<ColourName, string>>;

/** The style sheet's name of each colour. */
const PROPERTIES: Readonly<Record<ColourName, string>> = {
  up: '--up',
  down: '--down',
  plain: '--plain',
  bad: '--fail',
  fault: '--fault',
  end: '--soft',
  faint: '--line',
  ink: '--ink',
  soft: '--soft',
  line: '--line',
  band: '--band',
  card: '--card',
  link: '--link',
};

/** The palette in force at an element. */
export function paletteAt(element: HTMLElement): Palette {
  const probe = document.createElement('span');
  element.append(probe);
  const colours = Object.entries(PROPERTIES).map(([name, property]) => {
    probe.style.color = `var(${property})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(colours) as Palette;
}
