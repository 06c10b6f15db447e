/**
 * The judge of plain subjects: evidence in, verdict out, by what can be seen from outside.
 *
 * Owns which questions are asked; the order of what they find is `verdict.ts`, as for subjects that keep the contract.
 */
import type { PlainEvidence } from '../../evidence/evidence.ts';
import type { Check, Verdict } from '../../evidence/verdict.ts';
import { agreement } from '../agreement.ts';
import { asked, crash } from '../asked.ts';
import { allDelivered, examineDelivery } from '../delivery.ts';
import { preventedBy } from '../preconditions.ts';
import { soundness } from '../soundness.ts';
import { toleranceOf } from '../tolerance.ts';
import { conclude } from '../verdict.ts';
import type { Grounds } from '../verdict.ts';
import { nothingToJoin } from './nothing-to-join.ts';
import { PLAIN_INVARIANTS } from './questions.ts';
import { plainAttemptOf } from './rounds.ts';

/**
 * Judges one attempt with plain subjects.
 *
 * @param evidence as read from its folder; never trusted, whatever it says
 * @returns always a verdict: a judge that fails says `unknown: judge-crashed`
 */
export function judgePlain(evidence: PlainEvidence): Verdict {
  const tolerance = toleranceOf(evidence.records);
  const checks: Check[] = [];
  const grounds = groundsOf(evidence, checks);
  return {
    schema: 1,
    ...conclude(grounds),
    checks,
    toleranceMs: tolerance.allowanceMs,
    longestStallMs: tolerance.longestStallMs,
  };
}

function groundsOf(evidence: PlainEvidence, checks: Check[]): Grounds {
  const prevented = preventedBy(evidence);
  const open = { checks, prevented, unsupported: null, faultsDelivered: false };
  checks.push(...asked('evidence', 'The evidence is whole, and can be true.', () => soundness(evidence)));
  if (prevented !== null || checks.some((check) => check.outcome === 'unknown')) return open;
  checks.push(...asked('evidence', 'Plan and receipts belong together.', () => agreement(evidence)));
  try {
    const attempt = plainAttemptOf(evidence);
    for (const question of PLAIN_INVARIANTS) {
      checks.push(...asked(question.name, question.statement, () => question.examine(attempt)));
    }
    const unsupported = nothingToJoin(evidence, attempt.faults);
    if (unsupported !== null) return { ...open, unsupported };
    checks.push(
      ...asked('receipt', 'Every fault of the plan was delivered, and lifted where it was to be.', () =>
        examineDelivery(attempt).map(({ finding }) => finding),
      ),
    );
    return { ...open, faultsDelivered: allDelivered(attempt) };
  } catch (error) {
    checks.push(...asked('evidence', 'The evidence can be put together.', () => [crash(error)]));
    return open;
  }
}
