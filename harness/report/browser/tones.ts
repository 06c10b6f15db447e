/**
 * The page's colours as a canvas needs them: read back from the style sheet, so that light, dark and a reader's own
 * colours hold for both.
 */
import type { Tone } from '../timeline/mark.ts';

type ColourName = Tone | 'ink' | 'soft' | 'line' | 'band' | 'card' | 'link';
export type Palette = Readonly<Record<ColourName, string>>;

/** The palette in force at an element. */
export function paletteAt(element: HTMLElement): Palette {
  const probe = document.createElement('span');
  probe.className = 'probe';
  element.append(probe);
  const colour = (name: ColourName): string => {
    probe.dataset['tone'] = name;
    return getComputedStyle(probe).color;
  };
  const palette: Palette = {
    up: colour('up'),
    down: colour('down'),
    plain: colour('plain'),
    bad: colour('bad'),
    fault: colour('fault'),
    end: colour('end'),
    faint: colour('faint'),
    ink: colour('ink'),
    soft: colour('soft'),
    line: colour('line'),
    band: colour('band'),
    card: colour('card'),
    link: colour('link'),
  };
  probe.remove();
  return palette;
}
