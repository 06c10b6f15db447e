/**
 * A scenario: one claim about socket programs, as a plain value.
 *
 * Owns the schema and its door, `defineScenario`. Its id is its path under `scenarios/` (see `catalogue.ts` in `suite`).
 */
import * as v from 'valibot';

import { paramsSchema } from '../contract/params.ts';
import { resourcesSchema } from '../contract/resources.ts';
import { WORKLOADS } from '../contract/words.ts';
import { expectationSchema, seenSchema } from './expectation.ts';
import { faultSchema } from './fault.ts';
import type { Fault } from './fault.ts';

export const sentenceSchema = v.pipe(v.string(), v.trim(), v.minLength(10), v.maxLength(300));

export const sourceSchema = v.strictObject({
  /** Where the requirement stands: `HOWTO, <heading>`, `RFC <number>, <section>`, or a public bug. */
  passage: v.pipe(v.string(), v.regex(/^(HOWTO, |RFC \d+, |CONTRACT, |[\w.-]+\/[\w.-]+#\d+)/)),
  /** What it requires, in our own words. */
  requires: sentenceSchema,
});

function oneRoleScripted(faults: Fault[]): boolean {
  return new Set(faults.flatMap((fault) => (fault.kind === 'script' ? [fault.role] : []))).size <= 1;
}

/** `fast`: retransmission and connecting are given up after about three seconds, instead of minutes. */
export const KERNELS = ['stock', 'fast'] as const;
export type Kernel = (typeof KERNELS)[number];

/** What each role's subject may use at most, beside what every container is held to. */
export const scenarioResourcesSchema = v.strictObject({
  server: v.optional(resourcesSchema),
  client: v.optional(resourcesSchema),
});
export type ScenarioResources = v.InferOutput<typeof scenarioResourcesSchema>;

export const scenarioSchema = v.strictObject({
  claim: sentenceSchema,
  source: sourceSchema,
  workload: v.picklist(WORKLOADS),
  params: paramsSchema,
  faults: v.optional(
    v.pipe(v.array(faultSchema), v.check(oneRoleScripted, 'one role at most is played by the scripted peer')),
    [],
  ),
  seen: v.optional(v.array(seenSchema), []),
  expect: v.pipe(v.array(expectationSchema), v.minLength(1)),
  /** Which clocks the kernel under the subjects has: its own, or short ones, so that its timeouts can be waited for. */
  kernel: v.optional(v.picklist(KERNELS)),
  resources: v.optional(scenarioResourcesSchema),
  /** Where alone the claim can be timed, and why. */
  only: v.optional(v.strictObject({ cell: v.picklist(['local', 'docker']), because: sentenceSchema })),
  /** Its claim is about times that are short beside what a busy core does to them: nothing else of a run goes on meanwhile. */
  quiet: v.optional(v.boolean(), false),
  /** Among the first things to ask of any program: run with every pair of reference subjects unless told otherwise. */
  basic: v.optional(v.boolean(), false),
  /** Names of seeded bugs (`services/broken/`) that this scenario must catch. Empty for a control. */
  kills: v.optional(v.array(v.string()), []),
});

/** A scenario with every default filled in. */
export type Scenario = v.InferOutput<typeof scenarioSchema>;
export type ScenarioInput = v.InferInput<typeof scenarioSchema>;

/**
 * Checks a scenario and fills in its defaults.
 *
 * @throws {v.ValiError} naming the key that is wrong
 */
export function defineScenario(input: ScenarioInput): Scenario {
  return v.parse(scenarioSchema, input);
}
