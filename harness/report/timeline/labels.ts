/**
 * The few words that stand on the time line itself: what failed, beside the mark that says so.
 *
 * Owns which marks get words and where there is room for them. No Node and no DOM: it runs in the page as well.
 */
import { kindOf, LANE } from './mark.ts';
import type { Mark } from './mark.ts';

export interface Label {
  readonly x: number;
  readonly lane: number;
  readonly text: string;
  /** Whether the words end at `x` or begin there. */
  readonly end: boolean;
}

const MOST_CHARACTERS = 34;
/** Width of a character of the picture's font, at the most. */
const CHARACTER_PIXELS = 6.6;

/** Lanes above which there is room for words. */
const WORDED: ReadonlySet<number> = new Set([LANE.client, LANE.server]);

/**
 * Words for failures, as far as there is room; the first of those that crowd wins.
 *
 * @param marks in order of time, with their places in pixels
 * @param right where the picture ends
 */
export function labelsOf(marks: Iterable<{ readonly mark: Mark; readonly x: number }>, right: number): Label[] {
  const labels: Label[] = [];
  const takenTo = new Map<number, number>();
  for (const { mark, x } of marks) {
    if (kindOf(mark).tone !== 'bad' || !WORDED.has(mark.lane) || mark.text === '') continue;
    const text = short(mark.text);
    const width = text.length * CHARACTER_PIXELS;
    const end = x + width > right;
    const from = end ? x - width : x;
    if (from < (takenTo.get(mark.lane) ?? Number.NEGATIVE_INFINITY)) continue;
    takenTo.set(mark.lane, from + width + CHARACTER_PIXELS);
    labels.push({ x, lane: mark.lane, text, end });
  }
  return labels;
}

/** Without what stands in brackets: `mismatch on recv`. */
function short(text: string): string {
  const plain = text.split(' (')[0] ?? text;
  return plain.length <= MOST_CHARACTERS ? plain : `${plain.slice(0, MOST_CHARACTERS - 1)}…`;
}
