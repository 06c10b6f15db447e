/**
 * The few words that stand on the time line itself: what failed, and which claim broke, beside the mark that says so.
 *
 * Owns which marks get words and where there is room for them. No Node and no DOM: it runs in the page as well.
 */
import { kindOf, LANE } from './mark.ts';
import type { Mark } from './mark.ts';

/** Words that would stand beside a point of a row. */
interface Wish {
  readonly x: number;
  readonly row: number;
  readonly text: string;
}

export interface Label extends Wish {
  /** Whether the words end at `x` or begin there. */
  readonly end: boolean;
}

const MOST_CHARACTERS = 34;
/** Width of a character of the picture's font, at the most. */
const CHARACTER_PIXELS = 6.6;
/** Words keep clear of the head of what they are about. */
const HEAD_PIXELS = 9;

/** Lanes above which there is room for words. */
const WORDED: ReadonlySet<number> = new Set([LANE.client, LANE.server]);

/**
 * Words for failures, by lane, as far as there is room.
 *
 * @param marks in order of time, with their places in pixels
 * @param right where the picture ends
 */
export function labelsOf(marks: Iterable<{ readonly mark: Mark; readonly x: number }>, right: number): Label[] {
  const wishes: Wish[] = [];
  for (const { mark, x } of marks) {
    if (kindOf(mark).tone !== 'bad' || !WORDED.has(mark.lane) || mark.text === '') continue;
    wishes.push({ x, row: mark.lane, text: short(mark.text) });
  }
  return fitting(wishes, right);
}

/**
 * Words for the instants at which a claim broke, beside their heads, as far as there is room.
 *
 * @param moments in order of time
 */
export function momentLabels(
  moments: readonly { readonly label: string; readonly x: number }[],
  right: number,
): Label[] {
  const wishes = moments.map(({ label, x }) => ({ x, row: 0, text: label }));
  return fitting(wishes, right - 2 * HEAD_PIXELS).map((label) => ({
    ...label,
    x: label.x + (label.end ? -HEAD_PIXELS : HEAD_PIXELS),
  }));
}

/** From where to where words reach, none of which begins before `left`. */
export function spanOf({ x, text, end }: Pick<Label, 'x' | 'text' | 'end'>, left: number): readonly [number, number] {
  const width = text.length * CHARACTER_PIXELS;
  const from = end ? Math.max(left, x - width) : x;
  return [from, from + width];
}

/**
 * The leftmost place in a row for words that belong to no point of it; null: there is none.
 *
 * @param taken stretches of the row, in any order
 */
export function freePlace(
  text: string,
  taken: readonly (readonly [number, number])[],
  [left, right]: readonly [number, number],
): number | null {
  const width = text.length * CHARACTER_PIXELS;
  let from = left;
  for (const [begin, end] of taken.toSorted(([one], [other]) => one - other)) {
    if (from + width + HEAD_PIXELS <= begin) return from;
    from = Math.max(from, end + HEAD_PIXELS);
  }
  return from + width <= right ? from : null;
}

/** Those that find room; the first of those that crowd wins. */
function fitting(wishes: readonly Wish[], right: number): Label[] {
  const takenTo = new Map<number, number>();
  return wishes.flatMap((wish) => {
    const width = wish.text.length * CHARACTER_PIXELS;
    const end = wish.x + width > right;
    const from = end ? Math.max(0, wish.x - width) : wish.x;
    if (from < (takenTo.get(wish.row) ?? 0)) return [];
    takenTo.set(wish.row, from + width + 2 * HEAD_PIXELS);
    return [{ ...wish, end }];
  });
}

/** Without what stands in brackets: `mismatch on recv`. */
function short(text: string): string {
  const plain = text.split(' (')[0] ?? text;
  return plain.length <= MOST_CHARACTERS ? plain : `${plain.slice(0, MOST_CHARACTERS - 1)}…`;
}
