/**
 * The time line of one attempt as a value: marks, bands and the axis they share.
 */
import type { Evidence, PlainEvidence } from '../../evidence/evidence.ts';
import type { Verdict } from '../../evidence/verdict.ts';
import { axesOf } from './axis.ts';
import type { Along, Axes } from './axis.ts';
import { bandsOf } from './bands.ts';
import type { Band } from './bands.ts';
import { collectMarks } from './collect-marks.ts';
import type { Mark } from './mark.ts';
import { momentsOf } from './moments.ts';
import type { Moment } from './moments.ts';

export interface Timeline {
  /** In order of time. */
  readonly marks: readonly Mark[];
  readonly bands: readonly Band[];
  readonly moments: readonly Moment[];
  readonly axes: Axes;
}

type Told = Evidence | PlainEvidence;

/** @param axes those that it shares with another; null: it has its own */
export function timelineOf(evidence: Told, verdict: Verdict | null, axes: Axes | null = null): Timeline {
  const along = alongOf(evidence);
  return { ...along, moments: momentsOf(verdict), axes: axes ?? axesOf(along) };
}

/** The axes that two attempts share. */
export function sharedAxes(one: Told, other: Told): Axes {
  return axesOf(alongOf(one), alongOf(other));
}

/** Asked for twice of attempts that stand side by side. */
const known = new WeakMap<Told, Along>();

function alongOf(evidence: Told): Along {
  const along = known.get(evidence) ?? { marks: collectMarks(evidence), bands: bandsOf(evidence) };
  known.set(evidence, along);
  return along;
}
