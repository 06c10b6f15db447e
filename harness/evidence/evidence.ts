/**
 * The evidence of one attempt, in memory: what the judge and the report are given.
 *
 * Owns the type; reading it from a folder is `read-evidence.ts`.
 */
import type { PlainPlan, Plan, PlanFrame } from './plan.ts';
import type { Receipt } from './receipt.ts';
import type { EvidenceRecord } from './record.ts';
import type { WireEvent } from './wire-event.ts';

export interface EvidenceOf<Kind extends PlanFrame> {
  readonly plan: Kind;
  /** In order of arrival. */
  readonly records: readonly EvidenceRecord[];
  /** In order of the proxy's `seq`. Empty where the proxy tells nothing (real Toxiproxy). */
  readonly wire: readonly WireEvent[];
  readonly receipts: readonly Receipt[];
  /** What reading the files had to leave out: lines cut off, invalid or beyond a limit. Empty for sound evidence. */
  readonly damage: readonly string[];
}

/** Of subjects that keep the contract. */
export type Evidence = EvidenceOf<Plan>;
/** Of subjects that keep none. */
export type PlainEvidence = EvidenceOf<PlainPlan>;

export function isPlain(evidence: Evidence | PlainEvidence): evidence is PlainEvidence {
  return 'plain' in evidence.plan;
}
