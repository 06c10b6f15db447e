import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'One-byte reads still make whole messages with their length in digits',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'You may not get all five characters of a length in one recv',
  },
  workload: 'echo',
  params: { framing: 'ascii5', messages: 3, messageBytes: 24 },
  faults: [{ kind: 'fragment', direction: 'both', every: 1, gapMs: 1 }],
  expect: [client.completes(), server.completes()],
  kills: ['digits-read-as-they-come'],
});
