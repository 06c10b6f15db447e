/**
 * `verdict.json`: what an attempt came to, and why.
 *
 * Owns the schema and the order in which verdicts outrank each other; reaching one belongs to `judge`.
 */
import * as v from 'valibot';

import { encounterSchema } from './detection.ts';

/** Of one scenario the first that applies counts; `not-run` stands apart. DESIGN, Verdicts. */
export const VERDICTS = ['interrupted', 'setup-error', 'fail', 'unknown', 'unsupported', 'pass', 'not-run'] as const;
export type VerdictWord = (typeof VERDICTS)[number];

/** Why a run proves nothing: a closed list. */
export const UNKNOWN_REASONS = [
  'fault-not-delivered',
  'precondition-not-seen',
  'host-stalled',
  'lift-failed',
  'evidence-incomplete',
  'judge-crashed',
] as const;
export type UnknownReason = (typeof UNKNOWN_REASONS)[number];

export const checkSchema = v.object({
  /** An invariant's name, `expectation`, `seen` or `receipt`. */
  name: v.string(),
  outcome: v.picklist(['pass', 'fail', 'unknown', 'not-checked']),
  /** The claim in one sentence. */
  statement: v.string(),
  expected: v.string(),
  /** What happened, with times and bytes. */
  actual: v.string(),
  /** A measured time beside its bounds, where the check is about time. */
  measured: v.nullable(
    v.object({ valueMs: v.number(), atLeastMs: v.nullable(v.number()), atMostMs: v.nullable(v.number()) }),
  ),
  /** Where on the time line to look. */
  atMs: v.nullable(v.number()),
  /** A breach that does not depend on the fault is a `fail` even without a receipt. */
  dependsOnFault: v.boolean(),
  unknownReason: v.nullable(v.picklist(UNKNOWN_REASONS)),
});
export type Check = v.InferOutput<typeof checkSchema>;

/** Parts what was expected from what happened, and stands in neither. */
const PART = '; ';

/** The sentence in which a check is the reason of a verdict. */
export function sentenceOf({ name, expected, actual }: Pick<Check, 'name' | 'expected' | 'actual'>): string {
  return `${name}: expected ${expected.replaceAll(PART, ', ')}${PART}${actual}`;
}

/** Of such a sentence the name and what happened, without what was expected; another sentence as it is. */
export function happeningIn(sentence: string): string {
  const [, name = '', rest = ''] = /^([\w-]+): expected (.*)$/su.exec(sentence) ?? [];
  const at = rest.indexOf(PART);
  return at === -1 ? sentence : `${name}: ${rest.slice(at + PART.length)}`;
}

export const verdictSchema = v.object({
  schema: v.literal(1),
  verdict: v.picklist(VERDICTS),
  /** One sentence. */
  reason: v.string(),
  unknownReason: v.nullable(v.picklist(UNKNOWN_REASONS)),
  checks: v.array(checkSchema),
  /** Allowance that every time bound of this attempt was given, and the longest stall of the host it comes from. */
  toleranceMs: v.number(),
  longestStallMs: v.number(),
  /** How the deaths of the plan were met; absent where none was, and where nothing was judged. */
  encounters: v.optional(v.array(encounterSchema)),
});
export type Verdict = v.InferOutput<typeof verdictSchema>;
