import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'One-byte reads still make whole messages',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires:
      "recv may return any part of what was sent; calling it again until the message is whole is the program's duty",
  },
  basic: true,
  workload: 'echo',
  params: { messages: 3, messageBytes: 24 },
  faults: [{ kind: 'fragment', direction: 'both', every: 1, gapMs: 1 }],
  expect: [client.completes(), server.completes()],
  kills: ['one-recv-taken-for-one-message', 'header-assumed-whole'],
});
