/**
 * Which of the runs of a trial tells what came of it.
 */
import type { Result } from '../evidence/run.ts';

/** Of several roles' verdicts the one that stands for a trial: what was caught, then what may have been, then what was seen. */
const TELLING: readonly Result['verdict'][] = ['fail', 'setup-error', 'unknown', 'pass', 'unsupported'];

/** @returns undefined where nothing was run */
export function tellingOf<Run extends { readonly result: Result }>(made: readonly Run[]): Run | undefined {
  return made.toSorted((one, other) => weight(one.result) - weight(other.result))[0];
}

function weight({ verdict }: Result): number {
  const at = TELLING.indexOf(verdict);
  return at === -1 ? TELLING.length : at;
}
