import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A server out of descriptors keeps the connections it has, and accepts again once some are given back',
  source: {
    passage: 'boostorg/beast#3010',
    requires: 'An accept that fails for want of a descriptor ends neither the server nor the connections it has',
  },
  workload: 'reconnect',
  // More at once than any server can hold beside its own descriptors, each for 600 ms: who tries on all that time without a pause spends it on a core.
  params: {
    messages: 3,
    messageBytes: 64,
    paceMs: 300,
    connections: 30,
    concurrency: 30,
    retries: 40,
    backoffMs: 100,
    ioTimeoutMs: 5000,
  },
  resources: { server: { fds: 26 } },
  expect: [client.completes(), server.spendsAtMost(200)],
  kills: ['accept-tried-on-without-a-pause', 'end-where-a-reply-was-due-taken-for-done'],
});
