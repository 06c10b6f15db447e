import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'Every refusal is told, and the next connection is tried all the same',
  source: {
    passage: 'CONTRACT, Output: events',
    requires: 'After a failure a subject goes on with its other connections',
  },
  workload: 'connect',
  params: { connections: 12, concurrency: 3 },
  faults: [{ kind: 'refuse' }],
  expect: [
    client.fails({
      codes: ['refused'],
      ops: ['connect'],
      within: { from: event('client', 'connecting'), atLeastMs: 0, atMostMs: 250 },
    }),
  ],
  kills: ['first-failure-ends-the-client'],
});
