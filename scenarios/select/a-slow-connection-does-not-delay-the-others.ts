import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A slow connection does not delay the others',
  source: {
    passage: 'HOWTO, Non-blocking Sockets',
    requires: 'A server multiplexes its connections: while one of them has nothing to say the others are served',
  },
  workload: 'echo',
  params: { messages: 1, messageBytes: 200, connections: 8, concurrency: 8, ioTimeoutMs: 2000 },
  faults: [{ kind: 'latency', direction: 'upstream', latencyMs: 1600, jitterMs: 200, connections: [1] }],
  expect: [client.completes(), server.completes()],
  kills: ['one-client-at-a-time'],
});
