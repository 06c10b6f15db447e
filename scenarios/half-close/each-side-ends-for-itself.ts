import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'Each side ends for itself: a message that only an end ends is echoed after it',
  source: {
    passage: 'HOWTO, Disconnecting',
    requires:
      'The server can assume it has the complete request once it receives 0 bytes, and the client still receives',
  },
  workload: 'echo',
  params: { framing: 'until-end', messageBytes: 3000 },
  faults: [{ kind: 'fragment', direction: 'both', every: 500, gapMs: 10 }],
  expect: [client.completes(), server.completes()],
  kills: ['first-read-taken-for-the-whole'],
});
