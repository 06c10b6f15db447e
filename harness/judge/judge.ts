/**
 * The judge: evidence in, verdict out. No sockets, no clock, no files.
 *
 * Owns which questions are asked and that a question which throws makes the verdict unknown; each invariant has a file
 * of its own, and `verdict.ts` orders what they find.
 */
import type { Evidence } from '../evidence/evidence.ts';
import type { Encounter } from '../evidence/detection.ts';
import type { Check, Verdict } from '../evidence/verdict.ts';
import { agreement } from './agreement.ts';
import { asked, crash } from './asked.ts';
import { attemptOf } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { classified } from './classified.ts';
import { cutShort } from './cut-short.ts';
import { allDelivered, examineDelivery } from './delivery.ts';
import { detected } from './detected.ts';
import { encountersOf } from './encounters.ts';
import { examineExpectation, statementOf } from './expectations.ts';
import type { Invariant } from './finding.ts';
import { halfClose } from './half-close.ts';
import { integrity } from './integrity.ts';
import { keptContract } from './kept-contract.ts';
import { noFalseAlarm } from './no-false-alarm.ts';
import { once } from './once.ts';
import { isolated } from './isolated.ts';
import { paced } from './paced.ts';
import { played } from './played.ts';
import { recovered } from './recovered.ts';
import { released } from './released.ts';
import { preventedBy, unsupportedBy } from './preconditions.ts';
import { examineSeen } from './seen.ts';
import { settled } from './settled.ts';
import { soundness } from './soundness.ts';
import { truncation } from './truncation.ts';
import { toleranceOf } from './tolerance.ts';
import { conclude } from './verdict.ts';
import type { Grounds } from './verdict.ts';

/** In the order in which their breaches are told: what explains the others comes first. */
export const INVARIANTS: readonly Invariant[] = [
  keptContract,
  integrity,
  truncation,
  detected,
  settled,
  played,
  classified,
  halfClose,
  once,
  released,
  paced,
  isolated,
  recovered,
  noFalseAlarm,
];

/**
 * Judges one attempt.
 *
 * @param evidence as read from its folder; never trusted, whatever it says
 * @returns always a verdict: a judge that fails says `unknown: judge-crashed`
 */
export function judge(evidence: Evidence): Verdict {
  const tolerance = toleranceOf(evidence.records);
  const checks: Check[] = [];
  const { encounters, ...grounds } = groundsOf(evidence, checks);
  return {
    schema: 1,
    ...conclude(grounds),
    checks,
    toleranceMs: tolerance.allowanceMs,
    longestStallMs: tolerance.longestStallMs,
    ...(encounters.length === 0 ? {} : { encounters }),
  };
}

/** Asks every question; the answers are added to `checks`. */
function groundsOf(evidence: Evidence, checks: Check[]): Grounds & { readonly encounters: Encounter[] } {
  const prevented = preventedBy(evidence);
  const open = { checks, prevented, unsupported: null, faultsDelivered: false, encounters: [] };
  checks.push(...asked('evidence', 'The evidence is whole, and can be true.', () => soundness(evidence)));
  if (prevented !== null || checks.some((check) => check.outcome === 'unknown')) return open;
  checks.push(...asked('evidence', 'Plan and receipts belong together.', () => agreement(evidence)));
  try {
    const attempt = attemptOf(evidence);
    const unsupported = unsupportedBy(attempt);
    checks.push(...(unsupported === null ? everyQuestion(attempt) : ask(keptContract, attempt)));
    const faultsDelivered = unsupported === null && allDelivered(attempt);
    return { ...open, unsupported, faultsDelivered, encounters: encountersOf(attempt) };
  } catch (error) {
    checks.push(...asked('evidence', 'The evidence can be put together.', () => [crash(error)]));
    return open;
  }
}

function everyQuestion(attempt: Attempt): Check[] {
  return [...INVARIANTS.flatMap((invariant) => ask(invariant, attempt)), ...ownQuestions(attempt)];
}

/** The scenario's own: its expectations, what must have been seen, and that its faults happened. */
function ownQuestions(attempt: Attempt): Check[] {
  const receipts = asked('receipt', 'Every fault of the plan was delivered, and lifted where it was to be.', () =>
    examineDelivery(attempt).map(({ finding }) => finding),
  );
  const short = cutShort(attempt);
  if (short !== null) return [...asked('evidence', 'The exchange came to its end.', () => [short]), ...receipts];
  const expectations = attempt.plan.expect.flatMap((expectation) =>
    asked('expectation', statementOf(expectation), () => examineExpectation(attempt, expectation)),
  );
  const seen = asked('seen', 'What must come before the fault did.', () =>
    examineSeen(attempt).map(({ finding }) => finding),
  );
  return [...expectations, ...receipts, ...seen];
}

function ask(invariant: Invariant, attempt: Attempt): Check[] {
  return asked(invariant.name, invariant.statement, () => invariant.examine(attempt));
}
