/**
 * The faults on the time line: from when each was in force, and the three instants that must not be taken for one another.
 */
import type { Evidence, PlainEvidence } from '../../evidence/evidence.ts';
import type { Receipt } from '../../evidence/receipt.ts';

export interface Band {
  /** The fault's id in the plan. */
  readonly fault: string;
  readonly label: string;
  readonly askedMs: number | null;
  readonly acknowledgedMs: number | null;
  /** First effect on the carrier: the earliest and the latest it can have been. */
  readonly effectMs: number | null;
  readonly effectLatestMs: number | null;
  /** When it was lifted; null: it stayed to the end. */
  readonly liftedMs: number | null;
  readonly delivered: boolean;
}

/** One band for each planned fault, in the plan's order. */
export function bandsOf(evidence: Pick<Evidence | PlainEvidence, 'plan' | 'receipts'>): Band[] {
  const receipts = new Map(evidence.receipts.map((receipt) => [receipt.fault, receipt]));
  return evidence.plan.faults.map((fault) => bandOf(fault.id, fault.kind, receipts.get(fault.id) ?? null));
}

/** Every instant the bands name. */
export function bandInstants(bands: readonly Band[]): number[] {
  return bands.flatMap((band) =>
    [band.askedMs, band.acknowledgedMs, band.effectMs, band.liftedMs].filter((atMs) => atMs !== null),
  );
}

function bandOf(fault: string, kind: string, receipt: Receipt | null): Band {
  const label = `${fault} ${kind}`;
  if (receipt === null) return { fault, label, ...NOTHING };
  const { asked, acknowledged, delivered, lifted } = receipt;
  return {
    fault,
    label,
    askedMs: asked === null ? null : asked.atMs,
    acknowledgedMs: acknowledged === null ? null : acknowledged.atMs,
    effectMs: delivered === null ? null : delivered.earliestMs,
    effectLatestMs: delivered === null ? null : delivered.latestMs,
    liftedMs: lifted === null ? null : lifted.acknowledgedAtMs,
    delivered: delivered !== null,
  };
}

const NOTHING = {
  askedMs: null,
  acknowledgedMs: null,
  effectMs: null,
  effectLatestMs: null,
  liftedMs: null,
  delivered: false,
} as const;
