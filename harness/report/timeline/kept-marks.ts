/**
 * Which marks of an attempt stand in the page, where it has more than a page can hold.
 *
 * Owns what is kept: the beginning, the end, and in between what failed and what the faults did. All are in the files.
 */
import { kindOf } from './mark.ts';
import type { Mark } from './mark.ts';

/** What of the marks is not kept. */
export interface LeftOut {
  readonly count: number;
  /** So many of them tell of failures and faults: even of those there were too many. */
  readonly urgent: number;
  /** The first and the last of them. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Kept {
  /** In order of time. */
  readonly marks: readonly Mark[];
  /** Null: all are kept. */
  readonly leftOut: LeftOut | null;
}

/** @param marks in order of time */
export function keptMarks(marks: readonly Mark[], most: number): Kept {
  if (marks.length <= most) return { marks, leftOut: null };
  const urgent = marks
    .keys()
    .filter((index) => isUrgent(marks[index]))
    .toArray();
  const others = marks
    .keys()
    .filter((index) => !isUrgent(marks[index]))
    .toArray();
  const kept = new Set(endsOf(urgent, most));
  for (const index of endsOf(others, most - kept.size)) kept.add(index);
  const out = marks.filter((_, index) => !kept.has(index));
  return {
    marks: marks.filter((_, index) => kept.has(index)),
    leftOut: {
      count: out.length,
      urgent: out.filter(isUrgent).length,
      fromMs: out[0]?.atMs ?? 0,
      toMs: out.at(-1)?.atMs ?? 0,
    },
  };
}

function isUrgent(mark: Mark | undefined): boolean {
  if (mark === undefined) return false;
  const { tone } = kindOf(mark);
  return tone === 'bad' || tone === 'fault';
}

/** As many from the beginning as from the end. */
function endsOf(indices: readonly number[], most: number): readonly number[] {
  if (indices.length <= most) return indices;
  const first = Math.ceil(most / 2);
  return [...indices.slice(0, first), ...indices.slice(indices.length - (most - first))];
}
