/**
 * Serves again: once the faults are lifted, the next client is served as if nothing had been.
 */
import { brokenUnderFault, notChecked, passed } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { inBytes } from '../wording.ts';
import { inTime } from './ends-in-time.ts';
import { endWords, outcomeOf, outputLacks } from './outcome.ts';
import { nothingCame } from './shortfall.ts';
import type { PlainInvariant } from './questions.ts';
import type { ClientRun, PlainAttempt } from './rounds.ts';

const EXPECTED = 'the next client gets what the control run got, once the faults are lifted';

export const servesAgain: PlainInvariant = {
  name: 'serves-again',
  statement: 'Once the faults are lifted, service is back.',
  examine: (attempt) => {
    const run = attempt.runs.find(({ round }) => round === 'after');
    if (run === undefined) return [notChecked(EXPECTED, 'no client was started after the faults')];
    return [again(attempt, run)];
  },
};

function again(attempt: PlainAttempt, run: ClientRun): Finding {
  if (run.overdue !== null) return inTime(attempt, run);
  const atMs = run.exited?.atMs ?? null;
  const outcome = outcomeOf(run, attempt.plan.plain);
  if (outcome !== 'succeeded') return brokenUnderFault({ expected: EXPECTED, actual: `it ${endWords(run)}`, atMs });
  const lacks = outputLacks(run, attempt.plan.plain) ?? nothingCame(run, attempt.plan.plain);
  if (lacks !== null) return brokenUnderFault({ expected: EXPECTED, actual: `it ${endWords(run)} and ${lacks}`, atMs });
  return passed({ expected: EXPECTED, actual: `it ${endWords(run)}, with ${inBytes(run.output?.bytes ?? 0)}`, atMs });
}
