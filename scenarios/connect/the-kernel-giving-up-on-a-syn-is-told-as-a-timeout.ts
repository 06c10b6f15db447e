import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A kernel that gives up an opening that nobody answers is told as a timeout',
  source: {
    passage: 'RFC 9293, 3.8.3',
    requires: 'The opening segment is sent again a number of times; when none is answered the attempt has failed',
  },
  workload: 'connect',
  params: { connectTimeoutMs: 0 },
  kernel: 'fast',
  faults: [{ kind: 'hang-connect' }],
  expect: [
    client.fails({
      codes: ['timeout'],
      ops: ['connect'],
      within: { from: event('client', 'connecting'), atLeastMs: 2000, atMostMs: 8000 },
    }),
  ],
  kills: ['zero-taken-for-a-default-deadline'],
});
