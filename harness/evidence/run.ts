/**
 * `run.json`: the whole run, rewritten as it goes so that a killed run can still be read.
 *
 * Owns the schema and the counting; verdicts come from `judge`.
 */
import * as v from 'valibot';

import { detectionRowSchema, encounterSchema } from './detection.ts';
import { CELLS, PROXIES } from './plan.ts';
import { KERNELS } from '../scenario/scenario.ts';
import { UNKNOWN_REASONS, VERDICTS } from './verdict.ts';

/** A folder inside the run's: a run folder from elsewhere must not lead out of itself. */
const insideRun = v.pipe(
  v.string(),
  v.regex(
    /^(?!(?:[^]*\/)?\.\.(?:\/|$))[^/\\\p{Cc}][^\\\p{Cc}]*$/u,
    'takes a path inside the run, without control characters',
  ),
);

/** A name as the harness makes it, or the file system lets a folder have it, on one line of a terminal. */
const name = v.pipe(
  v.string(),
  v.regex(/^\P{Cc}{1,255}$/u, 'takes 1 to 255 characters, none of them a control character'),
);

/** The reason of a `not-run` result that another shard of the same run has. */
export const OTHER_SHARD = 'belongs to another shard';

/** The reasons of a `not-run` result that its own run did not come to. */
export const NOT_REACHED = {
  interrupted: 'the run was interrupted before it',
  ended: 'the run ended before it',
} as const;

/** Which part of the cases a run took: `number` of `of`, from 1. */
export const shardSchema = v.object({ number: v.number(), of: v.number() });
export type Shard = v.InferOutput<typeof shardSchema>;

export const resultSchema = v.object({
  scenario: v.string(),
  claim: v.string(),
  /** `basic`, or what the scenario needs, as in `needs:docker`: words by which scenarios are chosen. */
  tags: v.optional(v.array(v.pipe(v.string(), v.regex(/^[a-z][a-z:-]{0,40}$/)))),
  cell: v.picklist(CELLS),
  proxy: v.picklist(PROXIES),
  server: v.string(),
  client: v.string(),
  variant: v.picklist(['fault', 'control']),
  /** Which of `--repeat N`, from 1. */
  repetition: v.number(),
  waitsMs: v.number(),
  /** Plain subjects that were given on the command line: how, so that they can be given again. */
  given: v.optional(
    v.object({ server: v.optional(v.string()), client: v.optional(v.string()), withinMs: v.optional(v.number()) }),
  ),
  /** The kernel's clocks that the run asked for, where the scenario names none; absent: nobody asked. */
  kernel: v.optional(v.picklist(KERNELS)),
  verdict: v.picklist(VERDICTS),
  reason: v.string(),
  unknownReason: v.nullable(v.picklist(UNKNOWN_REASONS)),
  /** The verdicts of every attempt, in order; only an `unknown` is ever tried again. */
  attempts: v.array(
    v.object({ verdict: v.picklist(VERDICTS), reason: v.string(), evidence: insideRun, durationMs: v.number() }),
  ),
  durationMs: v.number(),
  /** Folder of the attempt that counts, relative to the run's folder; null where nothing ran. */
  evidence: v.nullable(insideRun),
  /** Of a run put together from parts: the part that ran it. */
  part: v.optional(v.object({ run: name, shard: v.optional(shardSchema) })),
  /** How the deaths of the plan were met in the attempt that counts. */
  encounters: v.optional(v.array(encounterSchema)),
});
export type Result = v.InferOutput<typeof resultSchema>;

export const countsSchema = v.object(
  Object.fromEntries(VERDICTS.map((word) => [word, v.number()])) as Record<
    (typeof VERDICTS)[number],
    v.NumberSchema<undefined>
  >,
);
export type Counts = v.InferOutput<typeof countsSchema>;

export const runSchema = v.object({
  schema: v.literal(1),
  /** The run's name: its folder under `reports/`. */
  run: name,
  seed: name,
  /** ISO 8601, wall clock. */
  startedAt: v.string(),
  durationMs: v.number(),
  /** The command's exit status; null while the run goes on. */
  exitStatus: v.nullable(v.number()),
  /** Which of several shards it is; absent: it took every case. */
  shard: v.optional(shardSchema),
  /** Why it is not sound, whatever its cases came to: it left things behind, or could not be written down. */
  problem: v.optional(v.string()),
  /** The runs that it was put together from, as far as they tell more than their results; absent: it was run itself. */
  parts: v.optional(
    v.array(
      v.object({
        run: name,
        shard: v.optional(shardSchema),
        exitStatus: v.nullable(v.number()),
        problem: v.optional(v.string()),
        startedAt: v.optional(v.string()),
        durationMs: v.optional(v.number()),
        command: v.optional(v.array(v.string())),
      }),
    ),
  ),
  /** What was asked, as arguments to the command; of a run put together the first of its parts'. */
  command: v.array(v.string()),
  counts: countsSchema,
  results: v.array(resultSchema),
  /** Subject by kind of death, over all results. */
  detection: v.optional(v.array(detectionRowSchema)),
});
export type Run = v.InferOutput<typeof runSchema>;
