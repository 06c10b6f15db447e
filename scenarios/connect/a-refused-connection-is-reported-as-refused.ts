import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A refused connection is reported as refused, at once',
  source: {
    passage: 'RFC 9293, 3.5.2',
    requires: 'A SYN that meets no listener is rejected by a reset: who connects knows at once that nobody is there',
  },
  basic: true,
  workload: 'connect',
  params: { connectTimeoutMs: 2000 },
  faults: [{ kind: 'refuse' }],
  expect: [
    client.fails({
      codes: ['refused'],
      ops: ['connect'],
      within: { from: event('client', 'connecting'), atLeastMs: 0, atMostMs: 200 },
    }),
  ],
  kills: ['refusal-told-as-a-timeout'],
});
