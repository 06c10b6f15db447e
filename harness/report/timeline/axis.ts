/**
 * The axes of a time line: one by which its story is told, and one that is true to time.
 *
 * Owns that time lines which stand side by side have them in common: an instant lies at the same place in each.
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

/** What lies along an axis. */
export interface Along {
  readonly marks: readonly Mark[];
  readonly bands: readonly Band[];
}

export interface Axes {
  /** Long silences are drawn shorter than they were, and so is what goes before the first connection. */
  readonly story: Scale;
  /** Every millisecond is as wide as any other. */
  readonly linear: Scale;
}

/** @param lines the time lines that are to share them */
export function axesOf(...lines: readonly Along[]): Axes {
  const instants = Float64Array.from(lines.flatMap(instantsOf)).sort();
  const prologues = lines.flatMap(({ marks }) => marks.find(({ kind }) => kind === CONNECTING)?.atMs ?? []);
  return {
    story: storyScale(instants, prologues.length === 0 ? undefined : Math.min(...prologues)),
    linear: linearScale(instants[0] ?? 0, instants.at(-1) ?? 0),
  };
}

/** Everything that has an instant. */
function instantsOf({ marks, bands }: Along): number[] {
  const told: number[] = [];
  for (const { kind, atMs } of marks) if (kind !== STALLED) told.push(atMs);
  return [...told, ...bandInstants(bands)];
}
