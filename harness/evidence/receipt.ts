/**
 * `faults.json`: for each planned fault, how it was asked for, and what proves that it was delivered.
 *
 * Owns the schema; `run` writes receipts, `judge` reads them.
 */
import * as v from 'valibot';

const ms = v.number();

export const PROOF_GRADES = ['kernel', 'engine', 'recorder', 'self'] as const;

export const receiptSchema = v.object({
  /** The fault's id in the plan. */
  fault: v.string(),
  kind: v.string(),
  asked: v.nullable(v.object({ atMs: ms, request: v.string() })),
  acknowledged: v.nullable(v.object({ atMs: ms, answer: v.string() })),
  /** First effect on the carrier, within these two instants; null: not delivered. */
  delivered: v.nullable(
    v.object({
      earliestMs: ms,
      latestMs: ms,
      /** Effects counted. */
      count: v.number(),
      /** Who says so: the kernel, the container engine, a recording proxy beside the injector, or the injector itself. */
      grade: v.picklist(PROOF_GRADES),
      proof: v.string(),
    }),
  ),
  /** Lifting it, if it was to be lifted: `null` where the end of the run ends it. */
  lifted: v.nullable(v.object({ askedAtMs: ms, acknowledgedAtMs: v.nullable(ms) })),
  /** Why it could not be installed or lifted. */
  error: v.nullable(v.object({ step: v.picklist(['install', 'lift']), message: v.string() })),
});
export type Receipt = v.InferOutput<typeof receiptSchema>;

export const receiptsSchema = v.array(receiptSchema);
