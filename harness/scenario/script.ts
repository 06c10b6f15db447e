/**
 * What the scripted peer plays in a role: bytes, ends and pauses that no correct program would, as plain steps.
 *
 * Owns the words of a step, in a scenario (messages of the workload by number) and in a plan (bytes). Resolving the one
 * to the other belongs to `plan`, playing them to `services/peer`.
 */
import * as v from 'valibot';

import { ROLES } from '../contract/words.ts';

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
  /** A whole message of the workload's framing, with a payload that the workload does not ask for; it is the peer's message `seq`. */
  v.strictObject({
    do: v.literal('payload'),
    seq: natural,
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
    /** So often in one write. */
    times: positive,
    /** The whole messages that the bytes are, all of one size, with this much around each payload; null: they are none. */
    tells: v.nullable(v.strictObject({ seq: natural, count: positive, header: natural, trailer: natural })),
  }),
  v.strictObject({ do: v.literal('take'), bytes: natural, header: natural, trailer: natural }),
  v.strictObject({ do: v.literal('reply'), of: natural, from: natural, to: v.nullable(natural) }),
]);
export type PlannedStep = v.InferOutput<typeof plannedStepSchema>;

/** Steps of one script. */
const MAX_STEPS = 2_000;

/**
 * The fault by which the scripted peer takes a role's place.
 *
 * @param step schema of a step
 * @param identity what else every fault carries
 */
const scriptSchemaOver = <Words extends v.GenericSchema<unknown, unknown>, Identity extends v.ObjectEntries>(
  step: Words,
  identity: Identity,
) =>
  v.strictObject({
    kind: v.literal('script'),
    ...identity,
    when: v.optional(v.strictObject({ on: v.literal('before-connect') }), { on: 'before-connect' }),
    forMs: v.optional(v.never()),
    role: v.picklist(ROLES),
    /** Numbers of the peer's connections, from 1; absent: all that no other script names. */
    connections: v.optional(v.pipe(v.array(positive), v.minLength(1))),
    steps: v.pipe(v.array(step), v.maxLength(MAX_STEPS)),
    /** It plays what any program would, in place of one: nothing may fail because of it. */
    polite: v.optional(v.boolean(), false),
    /** So many sends prove that it was played, where the subject may rightly leave before its end; absent: every step. */
    provedBy: v.optional(positive),
  });

/** In a scenario's words. */
export const scriptSchema = scriptSchemaOver(stepSchema, {});
/** In bytes. */
export const plannedScriptSchema = scriptSchemaOver(plannedStepSchema, {
  id: v.pipe(v.string(), v.regex(/^f\d+$/)),
});

/** Steps that put something on the wire. */
export function sends({ do: what }: Pick<PlannedStep, 'do'>): boolean {
  return what === 'send' || what === 'reply';
}
