import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'One-byte reads still make whole lines',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'A delimited message ends at its delimiter, in whatever read that comes',
  },
  workload: 'echo',
  params: { framing: 'delimited', content: 'text', messages: 12, messageBytes: 8 },
  faults: [{ kind: 'fragment', direction: 'both', every: 1, gapMs: 1 }],
  expect: [client.completes(), server.completes()],
  kills: ['delimiter-missed-at-the-start-of-a-read'],
});
