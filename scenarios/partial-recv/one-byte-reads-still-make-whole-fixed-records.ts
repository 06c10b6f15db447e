import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'One-byte reads still make whole fixed-length records',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'A fixed length is reached by calling recv until that many bytes are there',
  },
  workload: 'echo',
  params: { framing: 'fixed', messages: 3, messageBytes: 24 },
  faults: [{ kind: 'fragment', direction: 'both', every: 1, gapMs: 1 }],
  expect: [client.completes(), server.completes()],
  kills: ['fixed-record-taken-from-one-recv'],
});
