import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'Jitter below the limit raises nothing: late heartbeats are still heartbeats',
  source: {
    passage: 'amqp-node/amqplib#556',
    requires: 'A healthy link must not be declared dead because its heartbeats come unevenly',
  },
  workload: 'idle',
  // Of several connections, each with its own draws, some come near to the top.
  params: { heartbeatMs: 50, deadPeerMs: 2050, durationMs: 2200, ioTimeoutMs: 5000, connections: 8, concurrency: 8 },
  faults: [{ kind: 'latency', direction: 'both', latencyMs: 1600, jitterMs: 200 }],
  expect: [client.completes(), server.completes()],
  kills: ['silence-cut-short'],
});
