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
import { KERNELS, sourceSchema } from '../scenario/scenario.ts';

export const CELLS = ['local', 'docker'] as const;
export type CellKind = (typeof CELLS)[number];

export const PROXIES = ['wire', 'toxiproxy'] as const;
export type ProxyKind = (typeof PROXIES)[number];

const ms = v.pipe(v.number(), v.minValue(0));

export const planSchema = v.object({
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
  workload: v.picklist(WORKLOADS),
  params: paramsSchema,
  /** In the scenario's order; a fault in both directions takes two entries. `scenarioFaults[i]` lists the ids that fault `i` became. */
  faults: v.array(plannedFaultSchema),
  scenarioFaults: v.array(v.array(v.string())),
  /** Absent: the kernel's clocks are as they come. */
  kernel: v.optional(v.picklist(KERNELS)),
  seen: v.array(seenSchema),
  expect: v.array(expectationSchema),
  limits: v.object({
    /** The server must be listening this long after it was started. */
    startMs: ms,
    /** The whole exchange, from the client's start; what still runs then is a hang. */
    exchangeMs: ms,
    /** Once the client is done the server has this long to end by itself, before the faults are lifted. */
    settleMs: ms,
    /** Each process must have exited this long after the end of its input. */
    graceMs: ms,
  }),
  /** What the plan itself waits: gaps, delays, deadlines, pauses. */
  waitsMs: ms,
});

export type Plan = v.InferOutput<typeof planSchema>;
