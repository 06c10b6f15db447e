import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A clean exchange is clean: without a fault every message arrives and nobody complains',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'Messages handed to a socket arrive whole and in order, and both ends close when they are done',
  },
  basic: true,
  workload: 'echo',
  params: { messages: 20, messageBytes: 1024, connections: 4 },
  expect: [client.completes(), server.completes()],
});
