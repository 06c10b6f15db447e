import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'An upload that comes in pieces is one message: only the end of the stream ends it',
  source: {
    passage: 'HOWTO, Disconnecting',
    requires: 'The server detects the end by a receive of 0 bytes, and only then has the complete request',
  },
  workload: 'upload',
  params: { messageBytes: 200 },
  faults: [{ kind: 'fragment', direction: 'both', every: 16, gapMs: 5 }],
  expect: [client.completes(), server.completes()],
  kills: ['first-read-taken-for-the-whole'],
});
