import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'Lines that arrive in one read are told apart',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'A read may end with the start of a following message, which must be put aside until it is needed',
  },
  workload: 'pipeline',
  params: {
    connections: 2,
    framing: 'delimited',
    content: 'text',
    messages: 5,
    messageBytes: 40,
    paceMs: 120,
    ioTimeoutMs: 1500,
  },
  // On a connection each: the replies to joined messages come together already, and there would be nothing to join.
  faults: [
    { kind: 'coalesce', direction: 'upstream', bytes: 8192, waitMs: 300, connections: [1] },
    { kind: 'coalesce', direction: 'downstream', bytes: 8192, waitMs: 300, connections: [2] },
  ],
  expect: [client.completes(), server.completes()],
  kills: ['rest-of-a-read-dropped', 'one-message-a-read'],
});
