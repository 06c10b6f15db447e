import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A request that drips within the deadline is harmless: a server waits for all of its time',
  source: {
    passage: 'CONTRACT, Deadlines',
    requires: "A server's deadline runs from the first byte of a message to its last, and not for less than that",
  },
  workload: 'echo',
  params: { messages: 1, messageBytes: 46, ioTimeoutMs: 2000 },
  faults: [{ kind: 'fragment', direction: 'upstream', every: 1, gapMs: 34 }],
  expect: [client.completes(), server.completes()],
  kills: ['half-the-deadline-kept', 'one-recv-taken-for-one-message'],
});
