import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A server out of descriptors keeps the connections it has, and accepts again once some are given back',
  source: {
    passage: 'boostorg/beast#3010',
    requires: 'An accept that fails for want of a descriptor ends neither the server nor the connections it has',
  },
  workload: 'reconnect',
  // More at once than any server can hold beside its own descriptors, each for 1.2 s: who tries on all that time without a pause spends it on a core.
  params: {
    messages: 3,
    messageBytes: 64,
    paceMs: 600,
    connections: 36,
    concurrency: 36,
    retries: 40,
    backoffMs: 50,
    ioTimeoutMs: 5000,
  },
  resources: { server: { fds: 34 } },
  expect: [client.completes(), server.spendsAtMost(500)],
  kills: ['accept-tried-on-without-a-pause', 'end-where-a-reply-was-due-taken-for-done'],
});
