/**
 * A pass rate with its interval, for runs that repeat.
 */

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
