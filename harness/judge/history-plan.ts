/**
 * The plan under a hand-written history: a small exchange, unless the story is set otherwise.
 */
import * as v from 'valibot';

import { paramsSchema } from '../contract/params.ts';
import type { ParamsInput } from '../contract/params.ts';
import type { Workload } from '../contract/words.ts';
import type { Plan } from '../evidence/plan.ts';
import type { Expectation, Seen } from '../scenario/expectation.ts';
import type { PlannedFault } from '../scenario/fault.ts';

export interface Setting {
  readonly workload?: Workload;
  readonly params?: ParamsInput;
  readonly faults?: readonly PlannedFault[];
  readonly expect?: readonly Expectation[];
  readonly seen?: readonly Seen[];
  readonly proxy?: 'wire' | 'toxiproxy';
}

/** The plan of a story. */
export function planOf({
  workload = 'echo',
  params = {},
  faults = [],
  expect = [{ kind: 'completes', role: 'client' }],
  seen = [],
  proxy = 'wire',
}: Setting): Plan {
  return {
    schema: 1,
    scenario: 'framing/hand-written',
    claim: 'a hand-written history',
    source: { passage: 'HOWTO, Using a Socket', requires: 'that the judge reads histories' },
    variant: faults.length > 0 ? 'fault' : 'control',
    seed: '0',
    cell: 'local',
    proxy,
    server: 'node',
    client: 'node',
    workload,
    params: v.parse(paramsSchema, { messages: 3, messageBytes: 100, ...params }),
    faults: [...faults],
    scenarioFaults: faults.map((fault) => [fault.id]),
    seen: [...seen],
    expect: [...expect],
    limits: { startMs: 5000, exchangeMs: 10_000, graceMs: 3000, settleMs: 500 },
    waitsMs: 0,
  };
}

/** A reset of both legs, once the client has been sent one message of a plan that states no other size. */
export const reset: PlannedFault = {
  id: 'f1',
  kind: 'reset',
  direction: 'downstream',
  at: 104,
  when: { on: 'before-connect' },
};
