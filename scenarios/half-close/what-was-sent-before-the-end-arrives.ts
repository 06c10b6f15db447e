import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'What was sent before the end arrives, however late it is read',
  source: {
    passage: 'moby/spdystream#111',
    requires: 'Ending the writing is no reason to drop what is still on its way',
  },
  workload: 'slow-reader',
  params: { messages: 5, messageBytes: 2000, ioTimeoutMs: 700 },
  faults: [{ kind: 'latency', direction: 'upstream', latencyMs: 400 }],
  expect: [client.completes(), server.completes(), server.delivers(5)],
  kills: ['half-the-deadline-kept', 'both-directions-closed-at-one-end'],
});
