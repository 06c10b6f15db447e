import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A dripping connection does not delay the others',
  source: {
    passage: 'HOWTO, Non-blocking Sockets',
    requires: 'Bytes of one connection that come one by one leave room for all the others in between',
  },
  workload: 'echo',
  params: { messages: 3, messageBytes: 200, connections: 8, concurrency: 8, ioTimeoutMs: 500 },
  faults: [{ kind: 'fragment', direction: 'upstream', every: 4, gapMs: 5, connections: [1] }],
  expect: [client.completes(), server.completes()],
  kills: ['one-client-at-a-time'],
});
