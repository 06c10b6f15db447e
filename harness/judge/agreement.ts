/**
 * Whether plan and receipts belong together, and which receipts prove anything.
 *
 * Owns what can be told from the two files alone: a receipt counts for one planned fault, and only one that says how often
 * and by what proof. What the receipts then come to is `delivery.ts`.
 */
import type { EvidenceOf } from '../evidence/evidence.ts';
import type { PlainPlan, Plan } from '../evidence/plan.ts';
import type { Receipt } from '../evidence/receipt.ts';
import { passed, untold } from './finding.ts';
import type { Finding } from './finding.ts';
import { counted } from './wording.ts';

/** One finding: that plan and receipts agree, or the first thing in which they do not. */
export function agreement({ plan, receipts, records }: EvidenceOf<Plan | PlainPlan>): Finding[] {
  const begun = records.some((record) => record.kind === 'spawned' && record.role === 'client');
  const problem = planProblem(plan) ?? receiptProblem(plan, receipts, begun);
  const expected = 'a plan with something to expect, and one receipt for each of its faults';
  if (problem !== null) return [untold('evidence-incomplete', { expected, actual: problem })];
  return [
    passed({
      expected,
      actual: `${counted(expectations(plan), 'expectation')}, ${counted(receipts.length, 'receipt')}`,
    }),
  ];
}

/** A plain plan states one thing, what the client is to do. */
function expectations(plan: Plan | PlainPlan): number {
  return 'plain' in plan ? 1 : plan.expect.length;
}

function planProblem(plan: Plan | PlainPlan): string | null {
  const { faults, scenarioFaults } = plan;
  if (expectations(plan) === 0) return 'the plan expects nothing';
  const ids = faults.map(({ id }) => id);
  if (new Set(ids).size < ids.length) return 'two faults of the plan have the same id';
  const listed = scenarioFaults.flat();
  const same =
    listed.length === ids.length && new Set(listed).size === ids.length && ids.every((id) => listed.includes(id));
  return same ? null : `the scenario's faults became ${list(listed)}, but the plan has ${list(ids)}`;
}

function receiptProblem({ faults }: Pick<Plan, 'faults'>, receipts: readonly Receipt[], begun: boolean): string | null {
  for (const { fault, kind } of receipts) {
    const planned = faults.find(({ id }) => id === fault);
    if (planned === undefined) return `there is a receipt for ${fault}, which the plan does not have`;
    if (planned.kind !== kind) return `the receipt for ${fault} is of ${kind}, the plan's fault is ${planned.kind}`;
    if (receipts.filter((other) => other.fault === fault).length > 1) return `there are two receipts for ${fault}`;
  }
  const missing = faults.find(({ id }) => !receipts.some(({ fault }) => fault === id));
  return begun && missing !== undefined ? `there is no receipt for ${missing.id}` : null;
}

/** The receipts that can be relied on: one for a planned fault, its delivery left out where nothing stands behind it. */
export function soundReceipts({ plan, receipts }: Pick<EvidenceOf<Plan | PlainPlan>, 'plan' | 'receipts'>): Receipt[] {
  return plan.faults.flatMap(({ id, kind }) => {
    const own = receipts.filter(({ fault }) => fault === id);
    const [only] = own;
    if (only === undefined || own.length > 1 || only.kind !== kind) return [];
    return [isProved(only) ? only : { ...only, delivered: null }];
  });
}

function isProved({ delivered }: Receipt): boolean {
  return delivered !== null && delivered.count >= 1 && delivered.proof.trim() !== '';
}

function list(ids: readonly string[]): string {
  return ids.length === 0 ? 'none' : ids.join(', ');
}
