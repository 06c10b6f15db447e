/**
 * The axis of a time line: the same for its picture and for the page.
 *
 * No Node and no DOM: it runs in the page as well.
 */
import { bandInstants } from './bands.ts';
import type { Band } from './bands.ts';
import { kindNumber } from './mark.ts';
import type { Mark } from './mark.ts';
import { linearScale, storyScale } from './story-scale.ts';
import type { Scale } from './story-scale.ts';

/** The host's own stalls come all the time on a busy machine; they must not break up a silence. */
const STALLED = kindNumber('stalled');
const CONNECTING = kindNumber('connecting');

/** Everything that has an instant, in order. */
function instantsOf(marks: readonly Mark[], bands: readonly Band[]): number[] {
  const told: number[] = [];
  for (const { kind, atMs } of marks) if (kind !== STALLED) told.push(atMs);
  told.push(...bandInstants(bands));
  return told.sort((a, b) => a - b);
}

/** Long silences are drawn shorter than they were, and so is what goes before the first connection. */
export function storyAxis(marks: readonly Mark[], bands: readonly Band[]): Scale {
  return storyScale(instantsOf(marks, bands), marks.find(({ kind }) => kind === CONNECTING)?.atMs);
}

/** Every millisecond is as wide as any other. */
export function linearAxis(marks: readonly Mark[], bands: readonly Band[]): Scale {
  const instants = instantsOf(marks, bands);
  return linearScale(instants[0] ?? 0, instants.at(-1) ?? 0);
}
