/**
 * What is asked of every plain attempt, in the order in which breaches are told.
 */
import type { Finding } from '../finding.ts';
import type { PlainAttempt } from './rounds.ts';
import { endsInTime } from './ends-in-time.ts';
import { servesAgain } from './serves-again.ts';
import { letsGo } from './lets-go.ts';
import { staysUp } from './stays-up.ts';
import { steady } from './steady.ts';
import { truthful } from './truthful.ts';

/** One question; `examine` is pure and gives at least one finding. */
export interface PlainInvariant {
  readonly name: string;
  readonly statement: string;
  examine(attempt: PlainAttempt): Finding[];
}

export const PLAIN_INVARIANTS: readonly PlainInvariant[] = [staysUp, truthful, steady, endsInTime, servesAgain, letsGo];
