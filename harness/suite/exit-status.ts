/**
 * The exit status of a run of seeded bugs, whose fails are hoped for; that of any other run is in `run-verdict.ts`.
 */
import { mutantProblems, nothingAsked } from '../evidence/mutants.ts';
import type { Mutants } from '../evidence/mutants.ts';
import { interruptedStatus } from '../evidence/run-verdict.ts';
import type { Interruption } from '../evidence/run-verdict.ts';

/**
 * 1 where anything that it was to show did not come true, 3 where a trial could not be made, or the run is not sound,
 * 4 where nothing was to be killed at all.
 *
 * @param interruption the signal that ended the run before its end; null: none did
 * @param problem why the run is not sound
 */
export function mutantsStatus(matrix: Mutants, interruption: Interruption | null, problem?: string): number {
  if (interruption !== null) return interruptedStatus(interruption);
  const unmade = matrix.trials.some(({ verdict, control }) => verdict === 'setup-error' || control === 'setup-error');
  if (unmade || problem !== undefined) return 3;
  if (nothingAsked(matrix)) return 4;
  return mutantProblems(matrix).length === 0 ? 0 : 1;
}

/** The signal that ended a run before its end; null: none did. */
export function interruptionOf(signal: AbortSignal): Interruption | null {
  if (!signal.aborted) return null;
  return signal.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT';
}
