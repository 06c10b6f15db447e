import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'One-byte reads still make whole typed messages',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'A typed message takes two receive loops: one for the type, one for what the type fixes',
  },
  workload: 'echo',
  params: { framing: 'typed', messages: 2 },
  faults: [{ kind: 'fragment', direction: 'both', every: 1, gapMs: 1 }],
  expect: [client.completes(), server.completes()],
  kills: ['type-and-payload-taken-from-one-recv'],
});
