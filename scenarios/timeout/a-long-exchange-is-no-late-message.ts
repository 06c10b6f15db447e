import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A long exchange is no late message: the deadline is for each, not for all',
  source: {
    passage: 'CONTRACT, Deadlines',
    requires: 'A bound on one message says nothing of how many there may be',
  },
  workload: 'pipeline',
  params: { messages: 8, messageBytes: 64, paceMs: 70, ioTimeoutMs: 350 },
  faults: [{ kind: 'latency', direction: 'downstream', latencyMs: 100 }],
  expect: [client.completes(), server.completes()],
  kills: ['one-deadline-for-all-messages'],
});
