import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A refused connection is reported as refused, at once',
  source: {
    passage: 'RFC 9293, 3.10.7.3',
    requires: 'A reset in answer to the opening segment is told to the user as a refused connection, not as a timeout',
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
