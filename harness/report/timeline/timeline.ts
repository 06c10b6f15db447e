/**
 * The time line of one attempt as a value: marks, bands and the axis they share.
 */
import type { Evidence, PlainEvidence } from '../../evidence/evidence.ts';
import type { Verdict } from '../../evidence/verdict.ts';
import { storyAxis } from './axis.ts';
import { bandsOf } from './bands.ts';
import type { Band } from './bands.ts';
import { collectMarks } from './collect-marks.ts';
import type { Mark } from './mark.ts';
import { momentsOf } from './moments.ts';
import type { Moment } from './moments.ts';
import type { Scale } from './story-scale.ts';

export interface Timeline {
  /** In order of time. */
  readonly marks: readonly Mark[];
  readonly bands: readonly Band[];
  readonly moments: readonly Moment[];
  readonly scale: Scale;
}

export function timelineOf(evidence: Evidence | PlainEvidence, verdict: Verdict | null): Timeline {
  const marks = collectMarks(evidence);
  const bands = bandsOf(evidence);
  return { marks, bands, moments: momentsOf(verdict), scale: storyAxis(marks, bands) };
}
