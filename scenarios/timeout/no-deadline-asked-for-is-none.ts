import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'No deadline asked for is none: a hidden default is a broken promise',
  source: {
    passage: 'nodejs/node#54359',
    requires: 'A default that fires although nobody asked for it makes slow but good peers unreachable',
  },
  workload: 'echo',
  params: { messages: 1, messageBytes: 64, ioTimeoutMs: 0, connectTimeoutMs: 0 },
  faults: [{ kind: 'latency', direction: 'downstream', latencyMs: 500 }],
  expect: [client.completes(), server.completes()],
  kills: ['zero-taken-for-a-default-deadline'],
});
