/**
 * `plan.json`: the concrete schedule of one attempt. After it nothing is drawn at random.
 *
 * Owns the schema; making a plan belongs to `plan`.
 */
import * as v from 'valibot';

import { paramsSchema } from '../contract/params.ts';
import { WORKLOADS } from '../contract/words.ts';
import { expectationSchema, seenSchema } from '../scenario/expectation.ts';
import { plannedFaultSchema } from '../scenario/fault.ts';
import { PLAIN_EXPECTATIONS } from '../scenario/plain.ts';
import { KERNELS, scenarioResourcesSchema, sourceSchema } from '../scenario/scenario.ts';

/** `compose`: the one cell that `docker compose` keeps up, driven from a container beside it. */
export const CELLS = ['local', 'docker', 'compose'] as const;
export type CellKind = (typeof CELLS)[number];

export const PROXIES = ['wire', 'toxiproxy'] as const;
export type ProxyKind = (typeof PROXIES)[number];

const ms = v.pipe(v.number(), v.minValue(0));

const limits = v.object({
  /** The server must be listening this long after it was started. */
  startMs: ms,
  /** The whole exchange, from the client's start; what still runs then is a hang. */
  exchangeMs: ms,
  /** Once the client is done the server has this long to end by itself, before the faults are lifted. */
  settleMs: ms,
  /** Each process must have exited this long after the end of its input. */
  graceMs: ms,
});

/** What every plan says, whatever the programs. */
const frame = {
  schema: v.literal(1),
  scenario: v.string(),
  claim: v.string(),
  source: sourceSchema,
  variant: v.picklist(['fault', 'control']),
  seed: v.string(),
  cell: v.picklist(CELLS),
  proxy: v.picklist(PROXIES),
  server: v.string(),
  client: v.string(),
  /** In the scenario's order; a fault in both directions takes two entries. `scenarioFaults[i]` lists the ids that fault `i` became. */
  faults: v.array(plannedFaultSchema),
  scenarioFaults: v.array(v.array(v.string())),
  limits,
  /** What the plan itself waits: gaps, delays, deadlines, pauses. */
  waitsMs: ms,
};

export const planFrameSchema = v.object(frame);
export type PlanFrame = v.InferOutput<typeof planFrameSchema>;

export const planSchema = v.object({
  ...frame,
  workload: v.picklist(WORKLOADS),
  params: paramsSchema,
  /** Absent: the kernel's clocks are as they come. */
  kernel: v.optional(v.picklist(KERNELS)),
  /** Absent: no more than every subject is held to. */
  resources: v.optional(scenarioResourcesSchema),
  seen: v.array(seenSchema),
  expect: v.array(expectationSchema),
});

export type Plan = v.InferOutput<typeof planSchema>;

const outputSchema = v.object({ bytes: v.number(), sha256: v.string() });

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** The least that one of the runs without faults came to. */
const leastSchema = v.object({
  connections: count,
  upstreamBytes: count,
  /** Null: the client does not read all that it is sent. */
  downstreamBytes: v.nullable(count),
});
export type Least = v.InferOutput<typeof leastSchema>;

/** The plan of one attempt with plain subjects. */
export const plainPlanSchema = v.object({
  ...frame,
  plain: v.object({
    client: v.object({
      expect: v.picklist(PLAIN_EXPECTATIONS),
      succeedsWith: v.array(v.number()),
      /** Null: any status that is no success. */
      failsWith: v.nullable(v.array(v.number())),
      output: v.picklist(['same', 'any']),
      answer: v.picklist(['whole', 'part']),
    }),
    /** What the pair did without faults, and where that is recorded; null: this is that run. */
    control: v.nullable(
      v.object({
        evidence: v.string(),
        output: outputSchema,
        /** What the proxy handed on. */
        least: leastSchema,
      }),
    ),
  }),
});
export type PlainPlan = v.InferOutput<typeof plainPlanSchema>;
