/**
 * What the scripted peer plays in a role: bytes, ends and pauses that no correct program would, as plain steps.
 *
 * Owns the words of a step, in a scenario (messages of the workload by number) and in a plan (bytes). Resolving the one
 * to the other belongs to `plan`, playing them to `services/peer`.
 */
import * as v from 'valibot';

const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** Steps that a scenario and a plan say alike. */
const COMMON = [
  v.strictObject({ do: v.literal('take-end') }),
  v.strictObject({ do: v.literal('pause'), ms: v.pipe(v.number(), v.minValue(0), v.maxValue(60_000)) }),
  v.strictObject({ do: v.literal('end') }),
  v.strictObject({ do: v.literal('reset') }),
  v.strictObject({ do: v.literal('close') }),
] as const;

export const stepSchema = v.variant('do', [
  ...COMMON,
  /** Bytes that are no message of the workload: as text (Latin-1) or hexadecimal, so often in one write. */
  v.strictObject({
    do: v.literal('send'),
    text: v.optional(v.string()),
    hex: v.optional(v.pipe(v.string(), v.regex(/^([0-9a-f]{2})*$/))),
    times: v.optional(positive, 1),
  }),
  /** Messages that the workload has this role originate, from `seq` on and so many in one write; of them bytes `from` up to `to`. */
  v.strictObject({
    do: v.literal('message'),
    seq: natural,
    count: v.optional(positive, 1),
    from: v.optional(natural, 0),
    to: v.optional(natural),
  }),
  /** Waits for the next messages of the other side, of which `first` is the number, so many of them. */
  v.strictObject({ do: v.literal('take'), seq: natural, count: v.optional(positive, 1) }),
  /** Answers the `of`-th message taken on this connection, from 0; of its answer bytes `from` up to `to`. */
  v.strictObject({ do: v.literal('reply'), of: natural, from: v.optional(natural, 0), to: v.optional(natural) }),
]);
export type Step = v.InferOutput<typeof stepSchema>;

export const plannedStepSchema = v.variant('do', [
  ...COMMON,
  v.strictObject({
    do: v.literal('send'),
    base64: v.pipe(v.string(), v.base64()),
    /** The whole messages among the bytes. */
    tells: v.array(v.strictObject({ seq: natural, bytes: natural, sha256: v.string() })),
  }),
  v.strictObject({ do: v.literal('take'), bytes: natural, header: natural, trailer: natural }),
  v.strictObject({ do: v.literal('reply'), of: natural, from: natural, to: v.nullable(natural) }),
]);
export type PlannedStep = v.InferOutput<typeof plannedStepSchema>;

/** Steps that put something on the wire. */
export function sends({ do: what }: Pick<PlannedStep, 'do'>): boolean {
  return what === 'send' || what === 'reply';
}
