import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A name that nobody resolves is told as unresolved, long before the deadline',
  source: {
    passage: 'CONTRACT, Output: events',
    requires:
      'That a name did not resolve is a failure of its own; nobody was asked to connect, so that nobody refused',
  },
  workload: 'connect',
  params: { connectTimeoutMs: 6000, connections: 2 },
  // Off its network a container has nobody left to ask for a name.
  faults: [{ kind: 'cut', role: 'client' }],
  expect: [
    client.fails({
      codes: ['unresolved'],
      ops: ['connect'],
      within: { from: event('client', 'connecting'), atLeastMs: 0, atMostMs: 3000 },
    }),
  ],
  kills: ['refusal-told-as-a-timeout'],
});
