import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A drip that ends within the deadline is harmless: slow is not late',
  source: {
    passage: 'HOWTO, When Sockets Die',
    requires: 'A bound on a whole message allows all of that time, however the bytes are spread over it',
  },
  workload: 'echo',
  params: { messages: 1, messageBytes: 46, ioTimeoutMs: 2000 },
  faults: [{ kind: 'fragment', direction: 'downstream', every: 1, gapMs: 34 }],
  expect: [client.completes(), server.completes()],
  kills: ['half-the-deadline-kept', 'one-recv-taken-for-one-message'],
});
