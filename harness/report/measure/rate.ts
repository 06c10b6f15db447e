/**
 * How often a case of a run that repeats passed, with the interval that so many tries allow.
 *
 * Owns what counts as a try; console, page and summary say the same words of it.
 */
import type { Run } from '../../evidence/run.ts';
import type { Case } from '../cases.ts';
import { counted } from '../text/quantity.ts';

/** 97.5th percentile of the normal distribution: a two-sided interval of 95 %. */
const Z = 1.959964;

export interface Rate {
  readonly passed: number;
  readonly of: number;
  /** Wilson's interval of 95 %, which holds for small counts and for rates of 0 and 1 too (E. B. Wilson, 1927). */
  readonly from: number;
  readonly to: number;
}

export function rateOf(passed: number, of: number): Rate {
  const share = passed / of;
  const scale = 1 + Z ** 2 / of;
  const middle = (share + Z ** 2 / (2 * of)) / scale;
  const half = (Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2))) / scale;
  return { passed, of, from: Math.max(0, middle - half), to: Math.min(1, middle + half) };
}

/** The rate of a case in words: `0 of 4 passed` and `95 % interval 0.0–49.0 %`. */
export interface RateWords {
  readonly share: string;
  readonly interval: string;
}

/** Null where the case was not repeated, or no try of it proved anything. */
export function rateWords({ decisive, results }: Case): RateWords | null {
  const tries = results.filter(({ variant, attempts }) => variant === decisive.variant && attempts.length > 0);
  const judged = tries.filter(({ verdict }) => verdict === 'pass' || verdict === 'fail');
  if (tries.length < 2 || judged.length === 0) return null;
  const { passed, of, from, to } = rateOf(judged.filter(({ verdict }) => verdict === 'pass').length, judged.length);
  const rest = tries.length > judged.length ? `, ${tries.length - judged.length} proved nothing` : '';
  return {
    share: `${passed} of ${of} passed${rest}`,
    interval: `95 % interval ${(from * 100).toFixed(1)}–${(to * 100).toFixed(1)} %`,
  };
}

/** How many cases there are, and in how many runs of them, where that is more: `2 cases, run 8 times`. */
export function casesCounted(cases: readonly Case[], { results }: Pick<Run, 'results'>): string {
  const isRepeated = results.some(({ repetition }) => repetition > 1);
  const times = results.filter(({ attempts }) => attempts.length > 0).length;
  return `${counted(cases.length, 'case')}${isRepeated ? `, run ${counted(times, 'time')}` : ''}`;
}
