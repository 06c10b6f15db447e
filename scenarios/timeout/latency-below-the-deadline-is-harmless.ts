import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'Latency below the deadline is harmless: slow is not dead',
  source: {
    passage: 'HOWTO, When Sockets Die',
    requires: 'A slow peer and a dead one look alike until the time is up; before that nothing may be reported',
  },
  basic: true,
  workload: 'echo',
  params: { messages: 1, messageBytes: 256, ioTimeoutMs: 2000 },
  faults: [{ kind: 'latency', direction: 'downstream', latencyMs: 1600, jitterMs: 200 }],
  expect: [client.completes(), server.completes()],
  kills: ['half-the-deadline-kept'],
});
